package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// maker runs make in the repository's root, and returns what it prints. It may print nothing to stderr.
func maker(t *testing.T, arguments ...string) string {
	t.Helper()
	var out, warnings bytes.Buffer
	command := exec.CommandContext(t.Context(), "make", append([]string{"--no-print-directory", "-C", "../.."}, arguments...)...)
	command.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=") // of the make that runs this test
	command.Stdout, command.Stderr = &out, &warnings
	if err := command.Run(); err != nil || warnings.Len() > 0 {
		t.Errorf("make %s: %v\n%s", strings.Join(arguments, " "), err, &warnings)
	}
	return out.String()
}

// TestHelp checks that make lists every command under a heading, in 80 columns, and shows each one's options.
func TestHelp(t *testing.T) {
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), `\#`) {
		t.Error(`the Makefile contains \#, of which GNU awk and make 4.3 warn`)
	}
	list := maker(t)
	for line := range strings.Lines(list) {
		if columns := utf8.RuneCountInString(strings.TrimSpace(line)); columns > 80 {
			t.Errorf("%d columns: %s", columns, line)
		}
	}
	for _, heading := range []string{"Start", "Look", "Break and mend", "Ship", "Prove"} {
		if !strings.Contains(list, "\n"+heading+"\n  ") {
			t.Errorf("make lists nothing under %s:\n%s", heading, list)
		}
	}
	for _, target := range regexp.MustCompile(`(?m)^([a-z-]+):`).FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(list, "\n  "+target[1]+" ") && target[1] != "help" {
			t.Errorf("make doesn't list %s", target[1])
		}
		if help := maker(t, "help", "CMD="+target[1]); !strings.HasPrefix(help, "make "+target[1]+" ") {
			t.Errorf("make help CMD=%s: %s", target[1], help)
		}
	}
	if up := maker(t, "help", "CMD=up"); !strings.Contains(up, "[LOGS=") || !strings.Contains(up, "go run ./scripts/local up -h") {
		t.Errorf("make help CMD=up: %s", up)
	}
}

// TestEndpoint checks that commands that talk to a local cloud can talk to one at another address.
func TestEndpoint(t *testing.T) {
	for _, command := range []string{"publish", "redrive", "replay", "erase", "fault"} {
		if line := maker(t, "-n", command, "ENDPOINT=http://127.0.0.1:1"); !strings.Contains(line, `-endpoint "http://127.0.0.1:1"`) {
			t.Errorf("make %s runs %s", command, line)
		}
	}
}

// TestFirstTime runs make demo with a Go command that only compiles: the first time, it says at once that this takes a
// while, and goes on to say how far it is.
func TestFirstTime(t *testing.T) {
	root := t.TempDir()
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	const compiler = "#!/bin/sh\n[ \"$1\" = build ] || exit 0\ni=0; while [ $i -lt 120 ]; do i=$((i + 1)); echo package/$i; done\n"
	err = errors.Join(os.WriteFile(filepath.Join(root, "Makefile"), text, 0o644), os.WriteFile(filepath.Join(root, "go"), []byte(compiler), 0o755))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"The first time, Go downloads and compiles for several minutes; later this takes seconds.\n  50 packages: package/50\n  100 packages: package/100\n", ""} {
		command := exec.CommandContext(t.Context(), "make", "--no-print-directory", "-C", root, "demo")
		command.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=", "PATH="+root+":"+os.Getenv("PATH"))
		if says, err := command.CombinedOutput(); err != nil || string(says) != want {
			t.Errorf("make demo: %v, says %q; want %q", err, says, want)
		}
	}
}
