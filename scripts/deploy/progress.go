package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
)

// progress converts Terraform's JSON messages, one per line, into lines for people: what is done, what takes long,
// and what failed.
type progress struct {
	out   io.Writer
	total int // actions; a replacement counts as two

	mu     sync.Mutex
	rest   []byte // of an incomplete line
	done   int
	errors []string
}

// message is a Terraform message (developer.hashicorp.com/terraform/internals/machine-readable-ui).
type message struct {
	Type string
	Hook struct {
		Resource struct{ Addr string }
		Action   string
		Elapsed  float64 `json:"elapsed_seconds"`
	}
	Diagnostic struct{ Severity, Summary, Detail, Address string }
}

// past maps Terraform's actions to the words for completed ones.
var past = map[string]string{"create": "created", "update": "changed", "delete": "destroyed"}

// Write receives a part of Terraform's output.
func (p *progress) Write(part []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rest = append(p.rest, part...)
	for {
		line, rest, whole := bytes.Cut(p.rest, []byte("\n"))
		if !whole {
			return len(part), nil
		}
		p.rest = rest
		var m message
		if json.Unmarshal(line, &m) == nil { // other lines are not progress
			p.take(m)
		}
	}
}

func (p *progress) take(m message) {
	place := part(m.Hook.Resource.Addr) + "  " + local(m.Hook.Resource.Addr)
	switch m.Type {
	case "apply_complete":
		if past[m.Hook.Action] == "" {
			return // only read
		}
		p.done++
		fmt.Fprintf(p.out, "%4d/%d  %-9s  %s  %.0f s\n", p.done, p.total, past[m.Hook.Action], place, m.Hook.Elapsed)
	case "apply_progress":
		fmt.Fprintf(p.out, "%4s %-*s  %-9s  %s  %.0f s\n", "", len(fmt.Sprint(p.total)), "", "…", place, m.Hook.Elapsed)
	case "apply_errored":
		fmt.Fprintf(p.out, "%4s %-*s  %-9s  %s\n", "", len(fmt.Sprint(p.total)), "", "FAILED", place)
	case "diagnostic":
		if m.Diagnostic.Severity == "error" {
			p.errors = append(p.errors, strings.TrimSpace(m.Diagnostic.Address+"\n"+m.Diagnostic.Summary+"\n"+m.Diagnostic.Detail))
		}
	}
}

// println prints a line.
func (p *progress) println(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintln(p.out, text)
}

// problems returns the errors, after a newline.
func (p *progress) problems() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var text strings.Builder
	for _, problem := range p.errors {
		text.WriteString("\n\n" + problem)
	}
	return text.String()
}
