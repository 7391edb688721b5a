package process

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// maxLine is the maximum length of a line of output, in bytes: the size of a log event of CloudWatch (256 KB). Longer
// lines are split.
const maxLine = 256 << 10

// usualLine is the space that each environment has for a line, in bytes: there may be a hundred environments.
const usualLine = 8 << 10

// output reads a process's stdout and stderr line by line, in the order written.
type output struct {
	pipe   *os.File // the write end
	closed sync.Once
	ended  chan struct{}

	mu    sync.Mutex
	marks map[string]chan struct{} // see sync
}

func newOutput(log func(string)) (*output, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("open a pipe for the output: %w", err)
	}
	o := &output{pipe: w, ended: make(chan struct{}), marks: map[string]chan struct{}{}}
	go func() {
		defer close(o.ended)
		defer r.Close()
		o.read(bufio.NewReaderSize(r, usualLine), log)
	}()
	return o, nil
}

func (o *output) read(r *bufio.Reader, log func(string)) {
	var begun []byte // of a long line
	for {
		raw, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) && len(begun) < maxLine-usualLine {
			begun = append(begun, raw...)
			continue
		}
		if len(begun) > 0 {
			raw, begun = append(begun, raw...), nil
		}
		line := strings.TrimSuffix(string(raw), "\n")
		if text, id, marked := strings.Cut(line, mark); marked {
			if reached := o.take(id); reached != nil {
				if text != "" {
					log(text)
				}
				close(reached) // after everything before the mark has been logged
				continue
			}
		}
		if line != "" || err == nil {
			log(line)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// mark starts a line that sync wrote.
const mark = "\x00mark "

// sync returns when everything that the process has written so far is logged. It writes a mark into the same pipe and
// waits until it reads it back.
func (o *output) sync(id string) {
	reached := make(chan struct{})
	o.mu.Lock()
	o.marks[id] = reached
	o.mu.Unlock()
	if _, err := io.WriteString(o.pipe, mark+id+"\n"); err != nil {
		return // closed: the process has ended, and everything has been read
	}
	select {
	case <-reached:
	case <-o.ended:
	}
}

// take returns the channel of a mark that sync wrote and removes it, or returns nil.
func (o *output) take(id string) chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	reached := o.marks[id]
	delete(o.marks, id)
	return reached
}

// close closes the output and waits until everything is logged and no process holds the pipe any more.
func (o *output) close() {
	o.closed.Do(func() { _ = o.pipe.Close() })
	<-o.ended
}
