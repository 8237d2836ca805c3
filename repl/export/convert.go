package export

import "errors"

// NotebookToProgram makes a program of an .ipynb file. Cells that do not compile, as those that show an error, become
// comments; left is told of each.
func NotebookToProgram(notebook []byte, left func(*Error)) ([]byte, error) {
	cells, err := FromNotebook(notebook)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = cell.Text()
	}
	for {
		program, err := Program(texts, Config{})
		var wrong *Error
		if !errors.As(err, &wrong) || !wrong.Uncompiled {
			return []byte(program), err
		}
		left(wrong)
		i := wrong.Cell - 1
		texts[i] = Cell{Kind: Raw, Source: texts[i]}.Text()
	}
}

// ProgramToNotebook makes an .ipynb file of a program.
func ProgramToNotebook(program []byte) ([]byte, error) {
	texts, err := Cells(string(program))
	if err != nil {
		return nil, err
	}
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		cells[i] = ParseCell(text)
	}
	return ToNotebook(cells)
}
