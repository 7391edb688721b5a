package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"text/template"
	"time"
)

//go:embed report.md.tmpl
var layout string

// report contains all results, ready to be written.
type report struct {
	Quick    bool
	Machine  string
	Versions string
	Revision string
	Goals    []goal
	Sections []*section
	began    time.Time
	took     time.Duration
}

// section is a table of figures.
type section struct {
	Title string
	Head  []string
	Rows  [][]string
}

// clients are the modules of the SDK that makes the load.
var clients = []string{"github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go"}

func newReport(ctx context.Context, root string, quick bool) *report {
	r := &report{Quick: quick, Machine: machine(), Versions: runtime.Version(), Revision: revision(ctx, root), began: time.Now()}
	info, _ := debug.ReadBuildInfo() // binaries built by the Go command have it
	for _, module := range info.Deps {
		if slices.Contains(clients, module.Path) {
			r.Versions += ", " + module.Path + " " + module.Version
		}
	}
	return r
}

func machine() string {
	return strings.TrimSpace(fmt.Sprintf("%d CPUs, %s/%s %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, processor()))
}

// revision returns the current commit, if there is one.
func revision(ctx context.Context, root string) string {
	command := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty")
	command.Dir = root
	output, err := command.Output()
	if err != nil {
		return "not known"
	}
	return strings.TrimSpace(string(output))
}

// Date returns when the measurements began.
func (r *report) Date() string { return r.began.UTC().Format("2006-01-02 15:04 UTC") }

// Took returns how long they took.
func (r *report) Took() string { return r.took.Round(time.Second).String() }

// add adds a row to a section, and creates the section for its first row.
func (r *report) add(title string, head []string, row ...string) {
	at := slices.IndexFunc(r.Sections, func(s *section) bool { return s.Title == title })
	if at < 0 {
		at = len(r.Sections)
		r.Sections = append(r.Sections, &section{Title: title, Head: head})
	}
	r.Sections[at].Rows = append(r.Sections[at].Rows, row)
}

func (r *report) render() ([]byte, error) {
	var out bytes.Buffer
	t, err := template.New("report").Funcs(template.FuncMap{"row": row, "rule": rule}).Parse(layout)
	if err == nil {
		err = t.Execute(&out, r)
	}
	return out.Bytes(), err
}

func row(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

// rule returns the line below a table's head, which aligns figures to the right.
func rule(head []string) string {
	return "| --- |" + strings.Repeat(" ---: |", len(head)-1)
}
