package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"example.com/troupe/scripts/internal/cli"
)

const (
	// answers is a function that answers every request.
	answers = `package main

import (
	"net/http"
	"os"
	"strings"
)

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(api + "next")
		if err != nil {
			os.Exit(1)
		}
		next.Body.Close()
		done, err := http.Post(api+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", "application/json", strings.NewReader("{\"statusCode\":200}"))
		if err != nil {
			os.Exit(1)
		}
		done.Body.Close()
	}
}
`
	panics = "package main\n\nfunc main() { panic(\"no lamp\") }\n"
)

// checkout writes a checkout with two functions and a story in a temporary folder, and enters it. The second function
// panics when it starts.
func checkout(t *testing.T) (write func(file, text string)) {
	t.Helper()
	root := t.TempDir()
	write = func(file, text string) {
		t.Helper()
		path := filepath.Join(root, file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Error(err)
		}
	}
	write("go.mod", "module sea\n\ngo 1.26\n")
	write("events/README", "none")
	for name, source := range map[string]string{"harbour": answers, "lighthouse": panics} {
		write("services/"+name+"/service.json", `{"name": "`+name+`", "description": "A service.", "runtime": "lambda", "http": ["GET /`+name+`"]}`)
		write("services/"+name+"/main.go", source)
	}
	write("services/stories/demo/seen.txtar", "# The harbour answers.\nrequest GET /harbour\nstatus 200\n")
	t.Chdir(root)
	return write
}

// TestDemoOfWhatDoesNotStart: the demo ends at once, with the service and the reason.
func TestDemoOfWhatDoesNotStart(t *testing.T) {
	write := checkout(t)
	var out, says bytes.Buffer
	code := cli.Run(t.Context(), run, []string{"demo"}, cli.Terminal{Out: &out, Err: &says})
	if code != cli.ExitFailure || out.Len() > 0 || strings.Count(says.String(), "lighthouse does not start: Runtime exited with error: exit status 2\n  panic: no lamp\n") != 1 {
		t.Errorf("exit %d, %s%s", code, &out, &says)
	}
	write("services/lighthouse/main.go", answers)
	says.Reset()
	if code := cli.Run(t.Context(), run, []string{"demo"}, cli.Terminal{Out: &out, Err: &says}); code != 0 {
		t.Errorf("after it is mended: exit %d, %s%s", code, &out, &says)
	}
}

// terminal is one whose output can be waited for.
type terminal struct {
	mu   sync.Mutex
	text string
	more chan struct{}
}

func (c *terminal) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text += string(p)
	close(c.more)
	c.more = make(chan struct{})
	return len(p), nil
}

// wait waits until the terminal shows a text, and returns what it showed until then. The next call begins after that.
func (c *terminal) wait(t *testing.T, want string) string {
	t.Helper()
	for {
		c.mu.Lock()
		before, after, found := strings.Cut(c.text, want)
		if found {
			c.text = after
		}
		text, more := c.text, c.more
		c.mu.Unlock()
		if found {
			return before
		}
		select {
		case <-more:
		case <-t.Context().Done():
			t.Fatalf("the terminal never showed %q, but\n%s", want, text)
		}
	}
}

// TestUp breaks a service under make up, mends it and deletes it. The terminal says each of these.
func TestUp(t *testing.T) {
	write := checkout(t)
	shows := &terminal{more: make(chan struct{})}
	ctx, interrupt := context.WithCancel(t.Context())
	ended := make(chan int)
	go func() {
		ended <- cli.Run(ctx, run, []string{"up", "-cloud", "127.0.0.1:0", "-api", "127.0.0.1:0", "-console", "127.0.0.1:0"}, cli.Terminal{Out: shows, Err: shows})
	}()
	shows.wait(t, "lighthouse     WARN  panic: no lamp\n")
	shows.wait(t, "lighthouse     does not start: Runtime exited with error: exit status 2\n")
	shows.wait(t, "Ctrl-C ends everything.\n")
	write("services/lighthouse/main.go", "package main\n\nfunc main() { shine() }\n")
	shows.wait(t, "undefined: shine\nThe previous version keeps running.\n")
	write("services/lighthouse/main.go", panics+"\n// again\n")
	if before := shows.wait(t, "lighthouse     does not start: "); strings.Contains(before, "replaced lighthouse") {
		t.Error("a service that doesn't start is told as replaced")
	}
	write("services/lighthouse/main.go", answers)
	shows.wait(t, "replaced lighthouse in ")
	if err := os.RemoveAll("services/lighthouse"); err != nil {
		t.Fatal(err)
	}
	shows.wait(t, "removed lighthouse, whose folder was deleted")
	interrupt()
	if code := <-ended; code != 0 {
		t.Errorf("after Ctrl-C: exit %d", code)
	}
}
