package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"kairos/stdlib/assets"
)

// Task is a Natural Instructions task: a definition in words, worked examples to show, and
// instances to solve. Texts are as in the file; Examples strips the space around them.
type Task struct {
	Name       string
	Categories []string // NIV2's Categories, BIG-bench's keywords
	Definition string   // without the word "Definition:"
	Positive   []Demonstration
	Negative   []Demonstration
	Instances  []Instance
}

// Demonstration is a worked example shown in a prompt.
type Demonstration struct {
	Input, Output string
	Explanation   string // "" for none
}

// Instance is one thing to solve: an input and the outputs that count as right, at least one.
// Natural Instructions 044 has an instance whose only output is empty; it is kept.
type Instance struct {
	ID      string // NIV2's; for BIG-bench the task's name and the index, as name-0
	Input   string
	Outputs []string
}

// ReadTask reads a task file in either published shape, told apart by its fields:
//
//   - NIV2 (Super-Natural-Instructions) has "Definition" (a text or a list, of which the first counts), "Positive Examples",
//     "Negative Examples", "Instances", "Categories". The task is named after the file.
//   - BIG-bench has "description", which begins "Definition: ", "keywords" and "examples" of "input" and "target" (a text
//     or a list), and no worked examples. The task is named by "name", else after the file, or after its directory if
//     the file is called task.json.
//
// Errors name the file and the field, such as examples[17].target.
func ReadTask(path string) (Task, error) {
	text, err := readFile(path)
	if err != nil {
		return Task{}, fmt.Errorf("data: %w", err)
	}
	t, err := parseTask(taskName(path), text)
	if err != nil {
		return Task{}, fmt.Errorf("data: read %s: %w", path, err)
	}
	return t, nil
}

// ReadTasks reads the tasks of a directory: its *.json files, and the task.json of each directory
// in it, as BIG-bench lays them out. They come in the order of their paths. The first file that is
// not a task ends the reading with an error.
func ReadTasks(dir string) ([]Task, error) {
	var paths []string
	for _, pattern := range []string{"*.json", "*/task.json"} {
		found, err := fs.Glob(os.DirFS(dir), pattern)
		if err != nil {
			return nil, fmt.Errorf("data: read tasks of %s: %w", dir, err)
		}
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("data: read tasks of %s: no *.json and no */task.json there", dir)
	}
	slices.Sort(paths)
	tasks := make([]Task, len(paths))
	errs := make([]error, len(paths))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		group.Go(func() error {
			tasks[i], errs[i] = ReadTask(filepath.Join(dir, path))
			return nil
		})
	}
	group.Wait()
	for _, err := range errs { // in the order of the paths, so that the same directory gives the same error
		if err != nil {
			return nil, err
		}
	}
	return tasks, nil
}

// NaturalInstructions reads the 61 tasks of Natural Instructions that BIG-bench ships, from where
// kairos keeps what it fetched. Where they are missing the error says how to fetch them.
func NaturalInstructions() ([]Task, error) {
	dir, err := assets.Path("natural-instructions")
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	return ReadTasks(dir)
}

// taskName is what a task file is called where it does not say itself.
func taskName(path string) string {
	name := filepath.Base(path)
	if name == "task.json" {
		name = filepath.Base(filepath.Dir(path))
	}
	return strings.TrimSuffix(name, ".json")
}

// parseTask reads the fields of both shapes, and then sees which one it was.
func parseTask(name string, text []byte) (Task, error) {
	niv2, bench := Task{Name: name}, Task{Name: name}
	err := decode(text, func(d *decoder) {
		d.object(func(key string) {
			switch key {
			case "Definition":
				niv2.Definition = first(d.stringOrStrings())
			case "Categories":
				niv2.Categories = d.strings()
			case "Positive Examples":
				niv2.Positive = d.demonstrations()
			case "Negative Examples":
				niv2.Negative = d.demonstrations()
			case "Instances":
				niv2.Instances = d.instances("output")
			case "name":
				bench.Name = d.string()
			case "keywords":
				bench.Categories = d.strings()
			case "description":
				bench.Definition = strings.TrimPrefix(d.string(), "Definition: ")
			case "examples":
				bench.Instances = d.instances("target")
			default:
				d.skip()
			}
		})
	})
	switch {
	case err != nil:
		return Task{}, err
	case len(niv2.Instances) > 0:
		return niv2, niv2.checkDefinition("Definition")
	case len(bench.Instances) > 0:
		for i := range bench.Instances {
			bench.Instances[i].ID = fmt.Sprintf("%s-%d", bench.Name, i)
		}
		return bench, bench.checkDefinition("description")
	}
	return Task{}, errors.New(`it is no task: neither "Instances" (NIV2) nor "examples" (BIG-bench) is there`)
}

func (t Task) checkDefinition(field string) error {
	if strip(t.Definition) == "" {
		return within(field, errors.New("it is missing or blank"))
	}
	return nil
}

// demonstrations reads a list of worked examples, perhaps empty.
func (d *decoder) demonstrations() (list []Demonstration) {
	d.list("worked examples", func() {
		var x Demonstration
		d.object(func(key string) {
			switch key {
			case "input":
				x.Input = d.string()
			case "output":
				x.Output = first(d.stringOrStrings())
			case "explanation":
				x.Explanation = d.optional(d.string)
			default:
				d.skip()
			}
		}, "input", "output")
		list = append(list, x)
	})
	return list
}

// instances reads a list of at least one; the outputs are in the given field.
func (d *decoder) instances(outputs string) (list []Instance) {
	d.list("instances", func() {
		var x Instance
		d.object(func(key string) {
			switch key {
			case "id":
				x.ID = d.optional(d.identifier)
			case "input":
				x.Input = d.string()
			case outputs:
				x.Outputs = d.stringOrStrings()
			default:
				d.skip()
			}
		}, "input", outputs)
		list = append(list, x)
	})
	d.atLeastOne(len(list))
	return list
}

// first is "" where an error left no texts.
func first(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}
