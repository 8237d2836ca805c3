package vectors

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

const npyMagic = "\x93NUMPY"

// npyHeader is a dictionary of Python with three keys, in any order, as numpy.lib.format describes
// it: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
var (
	npyType    = regexp.MustCompile(`'descr'\s*:\s*'([^']*)'`)
	npyFortran = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	npyShape   = regexp.MustCompile(`'shape'\s*:\s*\(([^)]*)\)`)
	npyTwo     = regexp.MustCompile(`^\s*(\d+)\s*,\s*(\d+)\s*,?\s*$`)
)

// parseNpy reads the header of a file of numpy, in any of the three versions of its format.
func (f *File) parseNpy(size int64) error {
	text, at, err := f.npyHeader(size)
	if err != nil {
		return err
	}
	kind, fortran, shape := npyType.FindSubmatch(text), npyFortran.FindSubmatch(text), npyShape.FindSubmatch(text)
	if kind == nil || fortran == nil || shape == nil {
		return fmt.Errorf("its header is not one of numpy's: %q", text)
	}
	if string(kind[1]) != "<f4" {
		return fmt.Errorf("it is a numpy file of type %s: want <f4, float32", kind[1])
	}
	if string(fortran[1]) == "True" {
		return errors.New("it is a numpy file in Fortran's order: want C's, numpy.ascontiguousarray")
	}
	sides := npyTwo.FindSubmatch(shape[1])
	if sides == nil {
		return fmt.Errorf("it is a numpy file of shape (%s): want two dimensions", shape[1])
	}
	rows, err1 := strconv.ParseInt(string(sides[1]), 10, 32)
	cols, err2 := strconv.ParseInt(string(sides[2]), 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("it is a numpy file of shape (%s): %w", shape[1], err)
	}
	if want := at + 4*rows*cols; size != want {
		return fmt.Errorf("the file has %d bytes, its header announces %d: is it cut short?", size, want)
	}
	f.rows, f.cols, f.at = int(rows), int(cols), at
	return nil
}

// npyHeader returns the dictionary, and where the values begin.
func (f *File) npyHeader(size int64) (text []byte, at int64, err error) {
	var head [12]byte // magic, version, and the length in 2 bytes, or since version 2 in 4
	if _, err := f.file.ReadAt(head[:], 0); err != nil {
		return nil, 0, errors.New("it is a numpy file cut short within its header")
	}
	begin, length := int64(10), int64(binary.LittleEndian.Uint16(head[8:]))
	if head[6] > 1 {
		begin, length = 12, int64(binary.LittleEndian.Uint32(head[8:]))
	}
	if begin+length > size {
		return nil, 0, errors.New("it is a numpy file cut short within its header")
	}
	text = make([]byte, length)
	_, err = f.file.ReadAt(text, begin)
	return text, begin + length, err
}
