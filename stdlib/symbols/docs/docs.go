// Package docs knows the doc comments of every package that interpreted code can import, without the packages' sources:
// they were written beside this file when the symbol tables were generated, one archive per group of package gen and
// one entry per package, and a package's comments are read when one of them is first asked for.
//
// Names are those of package scope, and "Type.Name" for methods and fields; "" is the package itself. A method that a
// type has by embedding is found under the type that declares it, an unexported one perhaps. What the language
// predeclares is under "builtin". Test files and files of other systems than linux/amd64 are left out.
package docs

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
)

//go:embed *.zip
var archives embed.FS

// Lookup returns the comment on a name of the package at path as it stands in the source, without comment marks; empty
// if there is none.
func Lookup(path, name string) string { return find(path, name).text }

// Position returns where a name is declared, as "strings/builder.go:15", without the line for packages of kairos;
// empty if it is not known.
func Position(path, name string) string { return find(path, name).position }

// Has reports whether there is anything on the package at path.
func Has(path string) bool { return entries()[path] != nil }

// comment is what is known of one name.
type comment struct{ position, text string }

// entries maps an import path to the comments of the package.
var entries = sync.OnceValue(func() map[string]*zip.File {
	found := map[string]*zip.File{}
	names, err := archives.ReadDir(".")
	must(err)
	for _, f := range names {
		data, err := archives.ReadFile(f.Name())
		must(err)
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		must(err)
		for _, file := range z.File {
			found[file.Name] = file
		}
	}
	return found
})

// must panics if the archives, which are part of the program, cannot be read.
func must(err error) {
	if err != nil {
		panic(fmt.Errorf("docs: read the embedded comments: %w", err))
	}
}

// loaded maps an import path to a map of the package's comments by name.
var loaded sync.Map

func find(path, name string) comment {
	if m, ok := loaded.Load(path); ok {
		return m.(map[string]comment)[name]
	}
	file := entries()[path]
	if file == nil {
		return comment{}
	}
	r, err := file.Open()
	must(err)
	defer r.Close()
	text, err := io.ReadAll(r)
	must(err)
	m := parse(path, string(text))
	loaded.Store(path, m)
	return m[name]
}

// parse reads an entry of the archives: records that end in \x01, each a name, file:line and the comment, with \x00
// between.
func parse(dir, text string) map[string]comment {
	m := make(map[string]comment, strings.Count(text, "\x01"))
	for record := range strings.SplitSeq(text, "\x01") {
		name, rest, ok := strings.Cut(record, "\x00")
		if !ok {
			continue
		}
		position, text, _ := strings.Cut(rest, "\x00")
		if position != "" {
			position = path.Join(dir, position)
		}
		m[name] = comment{position, text}
	}
	return m
}
