package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"kairos/internal/atomicfile"
	"kairos/stdlib/internal/safetensors"
)

// The names of a state file: the weights have those of Params, the moments the
// same behind a prefix; the number of steps is in the metadata.
const (
	meanPrefix   = "adamw.mean."
	squarePrefix = "adamw.square."
	stepsKey     = "adamw.steps"
)

// Save writes what training goes on from to a safetensors file, as float32 and
// so exactly: the weights that are trained, under their names, the moments, as
// "adamw.mean." and "adamw.square." before the name, and in the metadata, as
// "adamw.steps", the number of steps. The caller's own entries of the metadata,
// which may be nil, go with them. The file appears whole or not at all and is on
// disk when Save returns; one that was there is replaced.
func (o *AdamW) Save(path string, metadata map[string]string) error {
	defer runtime.KeepAlive(o)
	if err := o.prepare(); err != nil {
		return fmt.Errorf("model: save state: %w", err)
	}
	all := map[string]string{"format": "pt", stepsKey: strconv.Itoa(o.steps)}
	maps.Copy(all, metadata)
	err := atomicfile.Write(path, func(w io.Writer) error { return safetensors.Write(w, all, o.tensors()) })
	if err != nil {
		return fmt.Errorf("model: save state: %w", err)
	}
	return nil
}

// Restore reads what Save wrote into the model and the optimiser, and returns
// the metadata. The model must have the same parameters, and the optimiser be of
// the same settings, for training to go on as if it had never stopped. A file
// that does not fit, or is cut short, is an error that leaves both as they were.
func (o *AdamW) Restore(path string) (map[string]string, error) {
	defer runtime.KeepAlive(o)
	metadata, err := o.restore(path)
	if err != nil {
		return nil, fmt.Errorf("model: restore state: %w", err)
	}
	return metadata, nil
}

func (o *AdamW) restore(path string) (map[string]string, error) {
	file, err := safetensors.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	steps, err := strconv.Atoi(file.Metadata[stepsKey])
	if err != nil || steps < 0 {
		return nil, fmt.Errorf("%s: it holds no state of an optimiser: its metadata %s is %q", path, stepsKey, file.Metadata[stepsKey])
	}
	if err := o.prepare(); err != nil {
		return nil, err
	}
	tensors := o.tensors()
	if err := sameTensors(file, tensors); err != nil {
		return nil, err
	}
	for _, t := range tensors {
		if err := file.FloatsInto(t.Values, t.Name, t.Shape); err != nil {
			return nil, err
		}
	}
	for _, p := range o.state.params {
		p.changed()
	}
	o.steps = steps
	return file.Metadata, nil
}

// sameTensors refuses a file before anything of it is used.
func sameTensors(file *safetensors.File, want []safetensors.Named) error {
	shapes := map[string]string{}
	for _, t := range file.Tensors {
		shapes[t.Name] = fmt.Sprint(t.Type, t.Shape)
	}
	for _, t := range want {
		switch have := shapes[t.Name]; have {
		case fmt.Sprint("F32", t.Shape):
		case "":
			return fmt.Errorf("the state has no %s: it is that of another model", t.Name)
		default:
			return fmt.Errorf("the state's %s is %s, want F32%v: it is that of another model", t.Name, have, t.Shape)
		}
	}
	if len(file.Tensors) != len(want) {
		return fmt.Errorf("the state has %d tensors, want %d: it is that of another model", len(file.Tensors), len(want))
	}
	return nil
}

// tensors are the weights and moments in the order of a file. Their values are
// the native memory.
func (o *AdamW) tensors() []safetensors.Named {
	var weights, mean, square []safetensors.Named
	for i, p := range o.state.params {
		weights = append(weights, safetensors.Named{Name: p.Name, Shape: p.Shape, Values: p.value.Floats()})
		mean = append(mean, safetensors.Named{Name: meanPrefix + p.Name, Shape: p.Shape, Values: o.state.mean[i].Floats()})
		square = append(square, safetensors.Named{Name: squarePrefix + p.Name, Shape: p.Shape, Values: o.state.square[i].Floats()})
	}
	return append(append(weights, mean...), square...)
}

// Digests returns SHA-256 hashes of the weights, in hexadecimal: of those that
// are trained, and of those that are not, "" where there are none. Names, shapes
// and order count, and how adapters are scaled.
func (m *Model) Digests() (trained, frozen string) {
	defer runtime.KeepAlive(m)
	learns := map[*param]bool{}
	for _, p := range m.trainable() {
		learns[p] = true
	}
	params := m.weights.params
	sums := make([][sha256.Size]byte, len(params))
	inParallel(len(params), func(i int) { sums[i] = sha256.Sum256(safetensors.BytesOf(params[i].value.Floats())) })
	var lists [2]strings.Builder
	if lora := m.weights.lora; lora != nil {
		fmt.Fprintln(&lists[0], "LoRA", lora.Rank, lora.Alpha)
	}
	for i, p := range params {
		list := &lists[0]
		if !learns[p] {
			list = &lists[1]
		}
		fmt.Fprintln(list, p.Name, p.Shape, hex.EncodeToString(sums[i][:]))
	}
	return digest(lists[0].String()), digest(lists[1].String())
}

func digest(text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// ReadWeights replaces the weights that are trained by those of a directory that
// [Model.Save] wrote, or where the model has adapters [Model.SaveLoRA]. After an
// error some may be replaced and others not.
func (m *Model) ReadWeights(dir string) error {
	defer runtime.KeepAlive(m)
	read := m.readWeights
	if m.weights.lora != nil {
		read = m.readAdapters
	}
	if err := read(dir); err != nil {
		return fmt.Errorf("model: read weights of %s: %w", dir, err)
	}
	return nil
}

func (m *Model) readWeights(dir string) error {
	src, err := open(dir)
	if err != nil {
		return err
	}
	defer src.close()
	for _, p := range m.trainable() {
		if err := src.tensor(p.value.Floats(), p.Name, p.Shape); err != nil {
			return fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		p.changed()
	}
	return nil
}

func (m *Model) readAdapters(dir string) error {
	file, err := safetensors.Open(filepath.Join(dir, adapterWeights))
	if err != nil {
		return err
	}
	defer file.Close()
	for _, p := range m.trainable() {
		p.changed()
	}
	return readAdapters(file, m.trainable())
}
