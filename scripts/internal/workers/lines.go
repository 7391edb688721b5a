package workers

import "bytes"

// maxLine is the length at which a line without a newline is cut, in bytes.
const maxLine = 4 << 20

// lines splits the output that is written to it into lines.
type lines struct {
	take func(line []byte)
	rest []byte
}

func (l *lines) Write(p []byte) (int, error) {
	n := len(p)
	for {
		line, after, ended := bytes.Cut(p, []byte("\n"))
		if !ended {
			l.rest = append(l.rest, line...)
			if len(l.rest) > maxLine {
				l.flush()
			}
			return n, nil
		}
		l.take(append(l.rest, line...))
		l.rest, p = l.rest[:0], after
	}
}

// flush passes on the last line if it has no newline.
func (l *lines) flush() {
	if len(l.rest) > 0 {
		l.take(l.rest)
		l.rest = nil
	}
}
