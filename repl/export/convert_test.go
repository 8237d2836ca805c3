package export

import (
	"strings"
	"testing"
)

// A cell that does not compile stays as a comment, and is told of.
func TestConvert(t *testing.T) {
	notebook, err := ToNotebook([]Cell{{Markdown, "# Sums"}, {Code, "x := 1"}, {Code, "x + nothing"}, {Code, "fmt.Println(x + 1)"}})
	if err != nil {
		t.Fatal(err)
	}
	var left []int
	program, err := NotebookToProgram(notebook, func(e *Error) { left = append(left, e.Cell) })
	if err != nil || len(left) != 1 || left[0] != 3 {
		t.Fatalf("left out %v, %v", left, err)
	}
	for _, want := range []string{"// # Sums", "\tx := 1\n", "// x + nothing", "\tfmt.Println(x + 1)\n"} {
		if !strings.Contains(string(program), want) {
			t.Errorf("no %q in\n%s", want, program)
		}
	}
	again, err := ProgramToNotebook(program)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := FromNotebook(again)
	if err != nil || len(cells) != 4 || cells[0] != (Cell{Markdown, "# Sums"}) || cells[2] != (Cell{Raw, "x + nothing"}) {
		t.Errorf("back: %q, %v", cells, err)
	}
	if _, err := NotebookToProgram([]byte("{"), nil); err == nil {
		t.Error("no error for what is no notebook")
	}
}
