package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"example.com/troupe/events/bus/jitter"
	compiler "example.com/troupe/scripts/internal/build"
	"example.com/troupe/scripts/internal/workers"
	"example.com/troupe/scripts/lab/fixture"
)

// What is saved, in the fixture, and what shows it.
const (
	savedService = "desk"
	savedFile    = "services/desk/internal/api/api.go"
	savedRoute   = "/observations/none"
)

// served limits how long a new version may take, and askEvery is how often it is asked for.
const served, askEvery = 2 * time.Minute, 5 * time.Millisecond

// save measures how long make up takes from a saved file to the new version that serves, on the fixture, beside a go build
// of the service after a like change.
func (r *session) save(ctx context.Context) (err error) {
	trees := map[string]string{}
	for _, name := range []string{"up", "bare"} {
		trees[name] = filepath.Join(r.folder, name)
		if err := errors.Join(os.Mkdir(trees[name], 0o755), fixture.Write(trees[name], "observatory")); err != nil {
			return err
		}
	}
	r.progress("save: starting")
	up, api, err := startUp(ctx, r.binary, trees["up"])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, up.Stop()) }()
	bare := compiler.Builder{Root: trees["bare"], Dir: r.folder}
	if err := bare.Build(ctx, savedService); err != nil { // what doesn't change is compiled
		return err
	}
	var took, used, alone sample
	for i := range r.scale.repeats {
		r.progress("save: %d of %d", i+1, r.scale.repeats)
		before, _ := cpuOfTree(up.Pid()) // unknown where there is no /proc
		elapsed, err := saveOnce(ctx, trees["up"], api, fmt.Sprintf("Not seen in %d years", i))
		if err != nil {
			return err
		}
		after, failed := cpuOfTree(up.Pid())
		seconds := (after - before).Seconds()
		if failed != nil {
			seconds = unknown
		}
		least, err := buildOnce(ctx, bare, fmt.Sprintf("Not seen in %d nights", i))
		if err != nil {
			return err
		}
		took, used, alone = append(took, elapsed.Seconds()), append(used, seconds), append(alone, least.Seconds())
	}
	r.report.save(savedService, took, used, alone)
	return nil
}

// startUp starts make up without steps on its screen, and returns the URL of the HTTP API once everything serves.
func startUp(ctx context.Context, binary, root string) (process *workers.Process, api string, err error) {
	ready, free := make(chan string, 1), "127.0.0.1:0"
	process, err = workers.Start(workers.Spec{
		Name: "up", Path: binary, Args: []string{"up", "-quiet", "-cloud", free, "-api", free, "-console", free}, Dir: root, Env: os.Environ(),
		Line: func(line []byte) {
			if url, ok := strings.CutPrefix(string(line), "HTTP API "); ok {
				api = strings.TrimSpace(url)
			}
			if bytes.Contains(line, []byte("Ctrl-C")) {
				ready <- api
			}
		},
	})
	if err != nil {
		return nil, "", err
	}
	select {
	case url := <-ready:
		return process, url, nil
	case <-process.Exited():
		return nil, "", process.Ended()
	case <-ctx.Done():
		return nil, "", errors.Join(ctx.Err(), process.Stop())
	}
}

// saveOnce saves a text and returns how long it took until the route answered with it.
func saveOnce(ctx context.Context, root, api, text string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, served)
	defer cancel()
	began := time.Now()
	if err := change(root, text); err != nil {
		return 0, err
	}
	for {
		answer, err := get(ctx, api+savedRoute)
		if err == nil && strings.Contains(answer, text) {
			return time.Since(began), nil
		}
		if jitter.Sleep(ctx, askEvery) != nil {
			return 0, fmt.Errorf("the new version never served; the last answer: %s, %w", answer, err)
		}
	}
}

// buildOnce changes a text and returns the processor time of a build.
func buildOnce(ctx context.Context, b compiler.Builder, text string) (time.Duration, error) {
	if err := change(b.Root, text); err != nil {
		return 0, err
	}
	command := exec.CommandContext(ctx, "go", b.Arguments(savedService)...)
	command.Dir = b.Root
	if output, err := command.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build %s: %w\n%s", savedService, err, output)
	}
	return command.ProcessState.UserTime() + command.ProcessState.SystemTime(), nil
}

// title is the text that is changed: the title of the problem which the route answers with.
var title = regexp.MustCompile(`(StatusNotFound, )"[^"]*"`)

// change writes a text into the file.
func change(root, text string) error {
	file := filepath.Join(root, savedFile)
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !title.Match(source) {
		return fmt.Errorf("%s has no title to change", file)
	}
	return os.WriteFile(file, title.ReplaceAll(source, fmt.Appendf(nil, "${1}%q", text)), 0o644)
}

func get(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}
