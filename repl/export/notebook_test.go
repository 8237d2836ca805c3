package export_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/repl/export"
)

func ExampleFromNotebook() {
	cells, err := export.FromNotebook([]byte(`{
		"cells": [
			{"cell_type": "markdown", "metadata": {}, "source": ["# Counting\n", "In Go."]},
			{"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": "n := 2\nn"}
		],
		"metadata": {"kernelspec": {"name": "kairos", "display_name": "Go (kairos)", "language": "go"}},
		"nbformat": 4, "nbformat_minor": 5
	}`))
	var texts []string
	for _, c := range cells {
		texts = append(texts, c.Text())
	}
	src, err2 := export.Program(texts, export.Config{})
	fmt.Print(src, err, err2)
	// Output:
	// package main
	//
	// import "kairos/stdlib/cell"
	//
	// func main() {
	// 	// %% 1 [markdown]
	// 	// # Counting
	// 	// In Go.
	//
	// 	// %% 2
	// 	n := 2
	// 	cell.Show(n)
	// }
	// <nil> <nil>
}

// TestNotebook writes a notebook and reads it, by way of a program too.
func TestNotebook(t *testing.T) {
	cells := []export.Cell{
		{Kind: export.Markdown, Source: "# A title\n\n- one\n    - two <b> & more\n"},
		{Kind: export.Code, Source: "x := []string{`a`}\nfmt.Println(\"<\", x)\n"},
		{Kind: export.Raw, Source: "raw text"},
		{Source: "len(x)"},
		{Kind: export.Markdown, Source: ""},
	}
	data, err := export.ToNotebook(cells)
	if err != nil {
		t.Fatal(err)
	}
	got, err := export.FromNotebook(data)
	if err != nil {
		t.Fatal(err)
	}
	want := []export.Cell{
		{Kind: export.Markdown, Source: "# A title\n\n- one\n    - two <b> & more"},
		{Kind: export.Code, Source: "x := []string{`a`}\nfmt.Println(\"<\", x)"},
		{Kind: export.Raw, Source: "raw text"},
		{Kind: export.Code, Source: "len(x)"},
		{Kind: export.Markdown},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	var texts []string
	for _, c := range got {
		texts = append(texts, c.Text())
	}
	src, err := export.Program(texts, export.Config{})
	if err != nil {
		t.Fatal(err)
	}
	parts, err := export.Cells(src)
	if err != nil {
		t.Fatal(err)
	}
	var back []export.Cell
	for _, text := range parts {
		back = append(back, export.ParseCell(text))
	}
	want[1].Source = "import \"fmt\"\n\n" + want[1].Source
	if d := cmp.Diff(want, back); d != "" {
		t.Errorf("by way of a program:\n%s\n%s", d, src)
	}
}

// TestNotebookForm compares a notebook with what Jupyter would write: keys in order, one blank of indent, no outputs.
func TestNotebookForm(t *testing.T) {
	data, err := export.ToNotebook([]export.Cell{{Kind: export.Markdown, Source: "<i>"}, {Kind: export.Code, Source: "a\nb"}})
	if err != nil {
		t.Fatal(err)
	}
	var first any
	if err := json.Unmarshal(data, &first); err != nil {
		t.Fatal(err)
	}
	begin := `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "cell-1",
   "metadata": {},
   "source": [
    "<i>"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "cell-2",
   "metadata": {},
   "outputs": [],
   "source": [
    "a\n",
    "b"
   ]
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Go (kairos)",
   "language": "go",
   "name": "kairos"
  },
  "language_info": {
`
	if !strings.HasPrefix(string(data), begin) || !strings.HasSuffix(string(data), " \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n") {
		t.Errorf("got\n%s", data)
	}
	// sorted keys are what encoding/json makes of a map
	sorted, err := json.MarshalIndent(first, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(sorted)) + "\n"
	if d := cmp.Diff(plain, string(data)); d != "" {
		t.Errorf("sorted (-), got (+):\n%s", d)
	}
}

func TestNotebookErrors(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{`{`, "export: read notebook: unexpected end of JSON input"},
		{`{"nbformat": 3}`, "export: read notebook: its format is version 3: save it as version 4, or convert it with jupyter nbconvert --to notebook"},
		{`{"nbformat": 4, "metadata": {"kernelspec": {"language": "python"}}}`, "export: read notebook: its language is python: only Go can be exported"},
		{`{"nbformat": 4, "cells": [{"cell_type": "heading"}]}`, `export: read notebook: cell 1 is of type "heading": want code, markdown or raw`},
	} {
		if _, err := export.FromNotebook([]byte(c.data)); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.data, err, c.want)
		}
	}
	if _, err := export.ToNotebook([]export.Cell{{Kind: "other"}}); err == nil || err.Error() != `export: write notebook: cell 1 is of type "other": want code, markdown or raw` {
		t.Error(err)
	}
}
