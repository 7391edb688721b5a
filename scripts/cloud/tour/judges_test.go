//go:build clients

package tour

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// judges returns the other clients. It installs what is missing and fails if it can't, because a missing client
// verifies nothing.
func judges(t *testing.T) []judge {
	python := debian(t, "python3-boto3", "/usr/bin/python3", "-c", "import boto3")
	debian(t, "awscli", python, "-c", "import awscli.clidriver")
	module := javascript(t)
	return []judge{
		{name: "aws", old: true, start: func(t *testing.T, endpoint string) client {
			return newProcess(t, endpoint, python, "testdata/cli.py")
		}},
		{name: "boto3", old: true, start: func(t *testing.T, endpoint string) client {
			return newProcess(t, endpoint, python, "testdata/client.py")
		}},
		{name: "javascript", start: func(t *testing.T, endpoint string) client {
			return newProcess(t, endpoint, "node", module)
		}},
	}
}

// debian returns the path of a program in a package, which it installs if it is missing. The path is absolute,
// because another python in PATH has other modules.
func debian(t *testing.T, name, program string, probe ...string) string {
	t.Helper()
	if exec.Command(program, probe...).Run() == nil {
		return program
	}
	sudo := ""
	if os.Getuid() != 0 {
		sudo = "sudo "
	}
	install := exec.Command("sh", "-c", sudo+"apt-get update -qq && "+sudo+"env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "+name)
	out, err := install.CombinedOutput()
	if err == nil {
		err = exec.Command(program, probe...).Run()
	}
	if err != nil {
		t.Fatalf("%s %v does not run, and can't be installed: %v\n%s\nmake test-clients needs Debian or Ubuntu: install %[5]s, as root",
			program, probe, err, out, name)
	}
	return program
}

// javascript installs the SDK according to testdata/package-lock.json, and returns the path of the client program
// beside it.
func javascript(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs("../../../.troupe/tour")
	if err != nil {
		t.Fatal(err)
	}
	changed := copyTo(t, folder, "package.json", "package-lock.json")
	if _, err := os.Stat(filepath.Join(folder, "node_modules", ".package-lock.json")); changed || err != nil {
		install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund")
		install.Dir = folder
		if out, err := install.CombinedOutput(); err != nil {
			t.Fatalf("npm ci of the JavaScript SDK: %v\n%s\nmake test-clients needs Node.js 20 or later with npm", err, out)
		}
	}
	copyTo(t, folder, "client.mjs")
	return filepath.Join(folder, "client.mjs")
}

// copyTo copies files of testdata to a folder and reports whether any has changed.
func copyTo(t *testing.T, folder string, names ...string) (changed bool) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(folder, name)
		if old, _ := os.ReadFile(to); bytes.Equal(old, content) {
			continue
		}
		changed = true
		if err := os.WriteFile(to, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return changed
}

// environment returns environment variables that hide the user's own configuration from a client.
func environment(endpoint string) []string {
	return append(os.Environ(), "AWS_ACCESS_KEY_ID=tour", "AWS_SECRET_ACCESS_KEY=tour", "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=",
		"AWS_ENDPOINT_URL="+endpoint)
}
