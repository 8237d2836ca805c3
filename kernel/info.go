package kernel

import (
	"context"
	"runtime"
	"strings"

	"kairos/kernel/wire"
)

// infoReply is the content of kernel_info_reply.
type infoReply struct {
	Status         string   `json:"status"`
	Protocol       string   `json:"protocol_version"`
	Implementation string   `json:"implementation"`
	Version        string   `json:"implementation_version"`
	Language       language `json:"language_info"`
	Banner         string   `json:"banner"`
	Debugger       bool     `json:"debugger"`
	Features       []string `json:"supported_features"`
	Links          []Link   `json:"help_links"`
}

// language is what front ends need to know of Go.
type language struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Mime       string `json:"mimetype"`
	Extension  string `json:"file_extension"`
	Pygments   string `json:"pygments_lexer"`
	CodeMirror string `json:"codemirror_mode"`
	Exporter   string `json:"nbconvert_exporter"`
}

// info answers kernel_info_request.
func (k *Kernel) info(context.Context, *request) any {
	links := append([]Link{}, k.cfg.Links...)
	links = append(links,
		Link{"Go: language specification", "https://go.dev/ref/spec"},
		Link{"Go: documentation", "https://go.dev/doc/"},
	)
	banner := k.cfg.Banner
	if banner == "" {
		banner = "kairos " + k.cfg.Version + " · " + runtime.Version()
	}
	return infoReply{
		Status: "ok", Protocol: wire.Version, Implementation: "kairos", Version: k.cfg.Version, Banner: banner,
		Language: language{
			Name: "go", Version: strings.TrimPrefix(runtime.Version(), "go"), Mime: "text/x-go", Extension: ".go",
			Pygments: "go", CodeMirror: "go", Exporter: "script",
		},
		Features: []string{}, Links: links,
	}
}

// connect answers connect_request.
func (k *Kernel) connect(context.Context, *request) any {
	c := k.cfg.Connection
	return map[string]any{
		"status": "ok", "shell_port": c.Shell, "iopub_port": c.IOPub, "stdin_port": c.Stdin,
		"control_port": c.Control, "hb_port": c.Heartbeat,
	}
}
