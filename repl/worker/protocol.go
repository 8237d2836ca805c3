package worker

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"sync"

	"kairos/repl"
)

// Between the two processes are four pipes. Requests go down one and events come up another, each a frame: its length in
// four bytes and a gob. The other two are the worker's stdout and stderr. The front reads them itself, so that nothing is
// lost when the worker dies; before it takes an event, it takes all text that was printed before the event was sent.

// Flag is the argument that has a worker serve a session, and the files are where its pipes are.
const (
	Flag         = "-session"
	requestsFile = 3
	eventsFile   = 4
)

// op is what a request asks for.
type op int

const (
	opEval op = iota
	opInterrupt
	opComplete
	opInspect
	opIsComplete
	opNames
	opRunning
	opInput // the answer to an event
	opFenced
	opComms // the front end has comms
	opComm  // an event of one
	opClose
)

// request goes to the worker. Its ID is that of its answer; of an interrupt, that of the evaluation.
type request struct {
	ID     int
	Op     op
	Number int // of the cell
	Src    string
	Pos    int
	Detail int
	Text   string
	Err    error
	Comm   *repl.CommEvent
}

// event comes from the worker. The first one has no ID, and says that it is ready.
type event struct {
	ID   int
	Kind kind
	Seq  int // of a question or a fence, to be answered

	Display      *repl.Display
	Progress     *repl.Progress
	Comm         *repl.CommEvent
	Wait         bool
	Prompt       string
	Secret       bool
	Result       repl.Result
	Completion   repl.Completion
	Inspection   repl.Inspection
	Completeness repl.Completeness
	Names        []repl.Name
	Running      []int
	Err          error
}

type kind int

const (
	kindReady kind = iota
	kindAnswer
	kindStarted
	kindShown // a display or progress
	kindClear
	kindInput
	kindFence
	kindComm // is told when the front end has it
)

// remoteError stands for an error of another type.
type remoteError struct{ Text string }

func (e *remoteError) Error() string { return e.Text }

// eofError is how io.EOF crosses, which is compared by identity.
type eofError struct{ EOF bool }

func (eofError) Error() string { return io.EOF.Error() }

func init() {
	gob.Register(&remoteError{})
	gob.Register(eofError{})
}

// packed makes err one that can be encoded.
func packed(err error) error {
	switch err.(type) {
	case nil, *repl.CompileError, *repl.Panic, *repl.Interrupted, *repl.Busy, *repl.Failed, *repl.Exited, *repl.Crashed:
		return err
	}
	if errors.Is(err, io.EOF) {
		return eofError{true}
	}
	return &remoteError{err.Error()}
}

// unpacked undoes packed.
func unpacked(err error) error {
	if _, ok := err.(eofError); ok {
		return io.EOF
	}
	return err
}

// sender writes frames.
type sender struct {
	mu  sync.Mutex
	w   io.Writer
	buf bytes.Buffer
	enc *gob.Encoder
}

func newSender(w io.Writer) *sender {
	s := &sender{w: w}
	s.enc = gob.NewEncoder(&s.buf)
	return s
}

// send writes one frame.
func (s *sender) send(v any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf.Reset()
	s.buf.Write(make([]byte, 4))
	if err := s.enc.Encode(v); err != nil {
		return fmt.Errorf("worker: encode: %w", err)
	}
	frame := s.buf.Bytes()
	binary.BigEndian.PutUint32(frame, uint32(len(frame)-4))
	_, err := s.w.Write(frame)
	if s.buf.Cap() > 1<<20 {
		s.buf = bytes.Buffer{} // of a picture, say
	}
	return err
}

// receiver reads frames from what is put into it.
type receiver struct {
	pending []byte // not yet a whole frame
	frame   bytes.Buffer
	dec     *gob.Decoder
}

func newReceiver() *receiver {
	r := &receiver{}
	r.dec = gob.NewDecoder(&r.frame)
	return r
}

// put adds bytes as they arrive.
func (r *receiver) put(data []byte) { r.pending = append(r.pending, data...) }

// next decodes the next frame into v, and reports whether there was a whole one.
func (r *receiver) next(v any) (bool, error) {
	if len(r.pending) < 4 {
		return false, nil
	}
	size := int(binary.BigEndian.Uint32(r.pending))
	if len(r.pending) < 4+size {
		return false, nil
	}
	r.frame.Reset()
	r.frame.Write(r.pending[4 : 4+size])
	r.pending = r.pending[:copy(r.pending, r.pending[4+size:])]
	err := r.dec.Decode(v)
	if size > 1<<20 { // a picture, say
		r.pending, r.frame = append([]byte(nil), r.pending...), bytes.Buffer{}
	}
	if err != nil {
		return true, fmt.Errorf("worker: decode: %w", err)
	}
	return true, nil
}
