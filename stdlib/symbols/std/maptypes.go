package std

import (
	"bufio"
	"encoding"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"reflect"
)

// MapTypes tells yaegi where a value of an interpreted type must not be passed bare. Keyed by a function with
// parameters of type any, the interfaces that the function looks for in them; keyed by an interface's wrapper (an entry
// of Symbols that starts with _), richer wrappers to try first, since compiled code looks for more methods than the
// interface has.
func MapTypes() map[reflect.Value][]reflect.Type {
	m := map[reflect.Value][]reflect.Type{}
	for _, e := range []struct {
		interfaces []any // nil pointers to them
		functions  []any
	}{
		{
			[]any{(*fmt.Formatter)(nil), (*fmt.Stringer)(nil)},
			[]any{
				fmt.Append, fmt.Appendf, fmt.Appendln, fmt.Errorf, fmt.Fprint, fmt.Fprintf, fmt.Fprintln,
				fmt.Print, fmt.Printf, fmt.Println, fmt.Sprint, fmt.Sprintf, fmt.Sprintln,
				log.Fatal, log.Fatalf, log.Fatalln, log.Panic, log.Panicf, log.Panicln, log.Print, log.Printf, log.Println,
			},
		},
		{
			[]any{(*fmt.Scanner)(nil)},
			[]any{
				fmt.Fscan, fmt.Fscanf, fmt.Fscanln, fmt.Scan, fmt.Scanf, fmt.Scanln,
				fmt.Sscan, fmt.Sscanf, fmt.Sscanln,
			},
		},
		{[]any{(*json.Marshaler)(nil), (*encoding.TextMarshaler)(nil)}, []any{json.Marshal, json.MarshalIndent}},
		{[]any{(*json.Unmarshaler)(nil), (*encoding.TextUnmarshaler)(nil)}, []any{json.Unmarshal}},
		{[]any{(*xml.Marshaler)(nil), (*encoding.TextMarshaler)(nil)}, []any{xml.Marshal, xml.MarshalIndent}},
		{[]any{(*xml.Unmarshaler)(nil), (*encoding.TextUnmarshaler)(nil)}, []any{xml.Unmarshal}},
	} {
		var list []reflect.Type
		for _, i := range e.interfaces {
			list = append(list, reflect.TypeOf(i).Elem())
		}
		for _, f := range e.functions {
			m[reflect.ValueOf(f)] = list
		}
	}
	m[reflect.ValueOf((*_io_Reader)(nil))] = []reflect.Type{reflect.TypeFor[readerWriterTo]()}
	m[reflect.ValueOf((*_io_Writer)(nil))] = []reflect.Type{reflect.TypeFor[writerReaderFrom]()}
	m[reflect.ValueOf((*_net_http_ResponseWriter)(nil))] = []reflect.Type{reflect.TypeFor[hijackableResponse]()}
	return m
}

// readerWriterTo wraps an io.Reader that io.Copy may ask to write itself.
type readerWriterTo struct {
	IValue   any
	WRead    func(p []byte) (int, error)
	WWriteTo func(w io.Writer) (int64, error)
}

func (r readerWriterTo) Read(p []byte) (int, error)         { return r.WRead(p) }
func (r readerWriterTo) WriteTo(w io.Writer) (int64, error) { return r.WWriteTo(w) }

// writerReaderFrom wraps an io.Writer that io.Copy may ask to read for itself.
type writerReaderFrom struct {
	IValue    any
	WWrite    func(p []byte) (int, error)
	WReadFrom func(r io.Reader) (int64, error)
}

func (w writerReaderFrom) Write(p []byte) (int, error)         { return w.WWrite(p) }
func (w writerReaderFrom) ReadFrom(r io.Reader) (int64, error) { return w.WReadFrom(r) }

// hijackableResponse wraps an http.ResponseWriter whose connection can be taken over.
type hijackableResponse struct {
	IValue       any
	WHeader      func() http.Header
	WWrite       func(p []byte) (int, error)
	WWriteHeader func(status int)
	WHijack      func() (net.Conn, *bufio.ReadWriter, error)
}

func (r hijackableResponse) Header() http.Header                          { return r.WHeader() }
func (r hijackableResponse) Write(p []byte) (int, error)                  { return r.WWrite(p) }
func (r hijackableResponse) WriteHeader(status int)                       { r.WWriteHeader(status) }
func (r hijackableResponse) Hijack() (net.Conn, *bufio.ReadWriter, error) { return r.WHijack() }
