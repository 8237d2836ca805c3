package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
)

// Kind is what a cell of a notebook holds.
type Kind string

// The kinds, as notebooks name them.
const (
	Code     Kind = "code"
	Markdown Kind = "markdown"
	Raw      Kind = "raw"
)

// Cell is a cell of a notebook.
type Cell struct {
	Kind   Kind
	Source string
}

// Text returns the cell as Program takes it and Cells gives it. What is no code is a comment under a line // %% [markdown].
func (c Cell) Text() string {
	if c.Kind == Code || c.Kind == "" {
		return c.Source
	}
	var b strings.Builder
	fmt.Fprintf(&b, "// %%%% [%s]", c.Kind)
	for line := range strings.Lines(c.Source) {
		b.WriteString(strings.TrimRight("\n// "+strings.TrimRight(line, "\r\n"), " "))
	}
	return b.String()
}

// ParseCell is the inverse of Cell.Text.
func ParseCell(text string) Cell {
	for _, kind := range []Kind{Markdown, Raw} {
		rest, ok := strings.CutPrefix(text, fmt.Sprintf("// %%%% [%s]", kind))
		if !ok || rest != "" && rest[0] != '\n' {
			continue
		}
		var lines []string
		for line := range strings.Lines(strings.TrimPrefix(rest, "\n")) {
			line = strings.TrimPrefix(strings.TrimRight(line, "\n"), "//")
			lines = append(lines, strings.TrimPrefix(line, " "))
		}
		return Cell{kind, strings.Join(lines, "\n")}
	}
	return Cell{Code, text}
}

// notebook is the form of an .ipynb file, version 4 of the format.
type notebook struct {
	Cells    []notebookCell `json:"cells"`
	Metadata metadata       `json:"metadata"`
	Format   int            `json:"nbformat"`
	Minor    int            `json:"nbformat_minor"`
}

type notebookCell struct {
	Kind     Kind           `json:"cell_type"`
	Count    *int           `json:"execution_count"`
	ID       string         `json:"id"`
	Metadata map[string]any `json:"metadata"`
	Outputs  []any          `json:"outputs"`
	Source   lines          `json:"source"`
}

// textCell is a notebookCell that holds no code.
type textCell struct {
	Kind     Kind           `json:"cell_type"`
	ID       string         `json:"id"`
	Metadata map[string]any `json:"metadata"`
	Source   lines          `json:"source"`
}

// MarshalJSON leaves out what only code has.
func (c notebookCell) MarshalJSON() ([]byte, error) {
	if c.Kind != Code {
		return marshal(textCell{c.Kind, c.ID, c.Metadata, c.Source})
	}
	type plain notebookCell
	return marshal(plain(c))
}

// lines is text, which notebooks hold as a string or as a list of lines.
type lines string

func (l *lines) UnmarshalJSON(data []byte) error {
	var list []string
	if json.Unmarshal(data, &list) == nil {
		*l = lines(strings.Join(list, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(l))
}

func (l lines) MarshalJSON() ([]byte, error) {
	list := strings.SplitAfter(string(l), "\n")
	if list[len(list)-1] == "" {
		list = list[:len(list)-1]
	}
	return marshal(list)
}

type metadata struct {
	Kernel   kernel   `json:"kernelspec"`
	Language language `json:"language_info"`
}

type kernel struct {
	DisplayName string `json:"display_name"`
	Language    string `json:"language"`
	Name        string `json:"name"`
}

type language struct {
	Mode      string `json:"codemirror_mode"`
	Extension string `json:"file_extension"`
	MIME      string `json:"mimetype"`
	Name      string `json:"name"`
	Exporter  string `json:"nbconvert_exporter"`
	Lexer     string `json:"pygments_lexer"`
	Version   string `json:"version"`
}

// FromNotebook reads the cells of a notebook (.ipynb), of version 4 of the format.
func FromNotebook(data []byte) ([]Cell, error) {
	var n notebook
	if err := json.Unmarshal(data, &n); err != nil {
		return nil, fmt.Errorf("export: read notebook: %w", err)
	}
	if n.Format != 4 {
		return nil, fmt.Errorf("export: read notebook: its format is version %d: save it as version 4, or convert it with jupyter nbconvert --to notebook",
			n.Format)
	}
	if language := n.Metadata.Kernel.Language; language != "" && language != "go" {
		return nil, fmt.Errorf("export: read notebook: its language is %s: only Go can be exported", language)
	}
	var cells []Cell
	for i, c := range n.Cells {
		switch c.Kind {
		case Code, Markdown, Raw:
			cells = append(cells, Cell{c.Kind, string(c.Source)})
		default:
			return nil, fmt.Errorf("export: read notebook: cell %d is of type %q: want code, markdown or raw", i+1, c.Kind)
		}
	}
	return cells, nil
}

// ToNotebook writes a notebook (.ipynb) without outputs, in version 4.5 of the format.
func ToNotebook(cells []Cell) ([]byte, error) {
	n := notebook{
		Cells: []notebookCell{},
		Metadata: metadata{
			Kernel: kernel{DisplayName: "Go (kairos)", Language: "go", Name: "kairos"},
			Language: language{
				Mode: "text/x-go", Extension: ".go", MIME: "text/x-go", Name: "go", Exporter: "script", Lexer: "go",
				Version: strings.TrimPrefix(runtime.Version(), "go"),
			},
		},
		Format: 4, Minor: 5,
	}
	for i, c := range cells {
		kind := c.Kind
		switch kind {
		case "":
			kind = Code
		case Code, Markdown, Raw:
		default:
			return nil, fmt.Errorf("export: write notebook: cell %d is of type %q: want code, markdown or raw", i+1, c.Kind)
		}
		n.Cells = append(n.Cells, notebookCell{
			Kind: kind, ID: fmt.Sprintf("cell-%d", i+1), Metadata: map[string]any{}, Outputs: []any{},
			Source: lines(strings.TrimRight(c.Source, "\n")),
		})
	}
	var b bytes.Buffer
	data, err := marshal(n)
	if err != nil {
		return nil, fmt.Errorf("export: write notebook: %w", err)
	}
	if err := json.Indent(&b, data, "", " "); err != nil {
		return nil, fmt.Errorf("export: write notebook: %w", err)
	}
	return b.Bytes(), nil
}

// marshal is json.Marshal that leaves <, > and & as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
