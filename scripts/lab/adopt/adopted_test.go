//go:build adopted

package adopt

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/troupe/scripts/lab/fixture"
)

// TestAdopted adopts a copy of this repository and then runs its commands without changing a line. Then it adds another
// system's folders and runs again what depends on them.
//
// It looks for what knows the sample or the product's name, and so leaves out what finds nothing new in a copy: the race
// detector, which has seen the same code; and, for the other system, what test-lab runs on it.
func TestAdopted(t *testing.T) {
	c := copied(t)
	c.make("adopt", "MODULE=github.com/acme/clinic")
	c.commit()
	t.Run("nothing of the sample is left", c.forgets)
	c.each(t, "", "check", "test FAST=1", "demo", "sim SEEDS=5", "surge FAST=1", "bench QUICK=1 ONLY=flow,services",
		"test-terraform", "test-console", "test-restart", "test-mutations")
	t.Run("faults", func(t *testing.T) {
		checkout{t, c.root}.run("go", "-C", "scripts/lab", "test", "-count=1", "-tags=chaos", "-run=TestNothingIsLost/(nothing|functions_crash)", "./chaos")
	})
	t.Run("while it runs", func(t *testing.T) { checkout{t, c.root}.operate("greetings", "greeting.requested.v1") })

	if err := fixture.Add(c.root, "observatory"); err != nil {
		t.Fatal(err)
	}
	c.make("remove", "SERVICE=greetings", "YES=1")
	c.each(t, "another system: ", "check", "test FAST=1", "demo", "build")
}

// each runs targets, each as a test.
func (c checkout) each(t *testing.T, prefix string, targets ...string) {
	for _, target := range targets {
		t.Run(prefix+"make "+target, func(t *testing.T) { checkout{t, c.root}.make(strings.Fields(target)...) })
	}
}

// make runs a target and logs its duration, and what it used of the processors.
func (c checkout) make(arguments ...string) {
	c.Helper()
	began, before := time.Now(), processor()
	c.run("make", arguments...)
	c.Logf("make %s: %.0f s, %.0f s of a processor", strings.Join(arguments, " "), time.Since(began).Seconds(), (processor() - before).Seconds())
}

// processor returns the processor time of all commands that have ended.
func processor() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_CHILDREN, &usage) // fails for other arguments only
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// forgets checks that no names of the sample, which it reads from the sample itself, are left.
func (c checkout) forgets(t *testing.T) {
	schemas, err := exec.Command("git", "-C", "../../..", "ls-files", "events/*/*.v[0-9]*.schema.json").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.Lines(string(schemas)) {
		_, event, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(name), "events/"), "/")
		event = strings.TrimSuffix(event, ".schema.json")
		found, _ := exec.Command("git", "-C", c.root, "grep", "--fixed-strings", "-n", event, "--", ":!scripts/cloud").Output() // fails if there are no matches
		if len(found) > 0 {
			t.Errorf("%s is still named:\n%s", event, found)
		}
	}
}

// operate starts make up and runs the operators' commands against it.
func (c checkout) operate(service, event string) {
	c.Helper()
	cloud, api, console := free(c.T), free(c.T), free(c.T)
	up := exec.Command("make", "up", "CLOUD="+cloud, "API="+api, "CONSOLE="+console)
	up.Dir, up.SysProcAttr = c.root, &syscall.SysProcAttr{Setpgid: true}
	out, err := up.StdoutPipe()
	if err != nil {
		c.Fatal(err)
	}
	var problems bytes.Buffer
	up.Stderr = &problems
	if err := up.Start(); err != nil {
		c.Fatal(err)
	}
	ready, read := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), "Ctrl-C") {
				close(ready)
			}
		}
	}()
	defer func() {
		_ = syscall.Kill(-up.Process.Pid, syscall.SIGINT)
		<-read
		_ = up.Wait() // interrupted above
	}()
	select {
	case <-ready:
	case <-read:
		c.Fatalf("make up ended:\n%s", &problems)
	case <-time.After(3 * time.Minute):
		c.Fatalf("make up is not ready:\n%s", &problems)
	}
	c.Setenv("AWS_ENDPOINT_URL", "http://"+cloud)
	c.make("publish", "EVENT="+event, "FOLLOW=1")
	c.make("fault", "SERVICE="+service, "KIND=throttle", "RATE=0.1")
	c.make("fault", "SERVICE="+service, "KIND=throttle", "OFF=1")
	c.make("redrive", "SERVICE="+service, "DRY_RUN=1")
	c.make("replay", "FROM=-1h", "TO=now", "DRY_RUN=1")
	c.make("replay", "FROM=-1h", "TO=now", "YES=1", "WATCH=5s")
	c.run("curl", "--silent", "--fail", "--output", os.DevNull, fmt.Sprintf("http://%s/", console))
}

func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
