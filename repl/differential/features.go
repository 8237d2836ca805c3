package main

import (
	_ "embed"
	"strings"
)

// features are templates of what random statements would not come to. In features.txt a line of equals signs divides them.
var features = strings.Split(strings.TrimSpace(featuresText), "\n====\n")

//go:embed features.txt
var featuresText string
