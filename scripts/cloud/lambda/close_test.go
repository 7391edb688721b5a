package lambda_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
)

// processesUnder returns the processes whose program is in a directory.
func processesUnder(t *testing.T, directory string) (found []string) {
	t.Helper()
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, directory) {
			found = append(found, link)
		}
	}
	return found
}

func onLinux(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("it looks into /proc")
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	onLinux(t)
	directory := t.TempDir()
	t.Setenv("TMPDIR", directory)
	w, g := newWorld(t), newGate(t)
	w.create(t, whole(t))
	var child struct{ Pid int }
	if err := json.Unmarshal(w.invoke(t, `{"Do": "child"}`).Payload, &child); err != nil || child.Pid == 0 {
		t.Fatalf("no child: %v", err)
	}
	end := g.start(w, t, 2)
	g.let()
	end()
	if len(processesUnder(t, directory)) != 2 {
		t.Fatalf("want two processes, got %v", processesUnder(t, directory))
	}
	if err := w.Lambda.Close(); err != nil {
		t.Fatal(err)
	}
	if left := processesUnder(t, directory); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	// A killed child may be a zombie until its new parent waits for it. It has no command line then.
	if line, _ := os.ReadFile("/proc/" + strconv.Itoa(child.Pid) + "/cmdline"); strings.HasPrefix(string(line), "sleep") {
		t.Errorf("the function's child %d is left behind", child.Pid)
	}
	if left, _ := filepath.Glob(filepath.Join(directory, "local-lambda-*")); len(left) > 0 {
		t.Errorf("code is left behind: %v", left)
	}
}

func TestCloseRacesWithStarts(t *testing.T) {
	onLinux(t)
	directory := t.TempDir()
	t.Setenv("TMPDIR", directory)
	w := newWorld(t)
	w.create(t, whole(t))
	hops := w.Tap.Listen(100)
	defer hops.Close()
	var calls sync.WaitGroup
	for range 6 {
		calls.Go(func() { // whether it fails doesn't matter, only what is left behind
			_, _ = w.lambda.Invoke(context.Background(), &awslambda.InvokeInput{FunctionName: aws.String("jobs"), Payload: []byte(`{"Do": "hang"}`)})
		})
	}
	<-hops.C // one is starting
	if err := w.Lambda.Close(); err != nil {
		t.Fatal(err)
	}
	calls.Wait()
	if left := processesUnder(t, directory); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
