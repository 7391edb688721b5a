package build

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"example.com/troupe/scripts/internal/cli"
)

// packages reads what the Go command prints with -v: the import path of each package that it compiles, and what it
// downloads. It keeps everything else, which are errors.
type packages struct {
	mu       sync.Mutex
	line     []byte // so far
	others   strings.Builder
	compiled int
	download string // the latest; "" once packages are compiled
}

var (
	importPath = regexp.MustCompile(`^[\w.~+-]+(/[\w.~+-]+)*$`)
	download   = regexp.MustCompile(`^go: downloading (\S+)`)
)

func (p *packages) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range text {
		if p.line = append(p.line, c); c == '\n' {
			p.take()
		}
	}
	return len(text), nil
}

// take takes the current line. The caller holds the mutex.
func (p *packages) take() {
	line := strings.TrimSuffix(string(p.line), "\n")
	p.line = p.line[:0]
	if found := download.FindStringSubmatch(line); found != nil {
		p.download = found[1]
	} else if importPath.MatchString(line) {
		p.compiled++
		p.download = ""
	} else {
		p.others.WriteString(line + "\n")
	}
}

// rest returns the lines that are neither packages nor downloads.
func (p *packages) rest() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.take()
	return p.others.String()
}

// String describes the progress.
func (p *packages) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.download != "" {
		return "downloading " + p.download
	}
	if p.compiled == 0 {
		return "linking"
	}
	return fmt.Sprint(cli.Count(p.compiled, "package"), " compiled")
}
