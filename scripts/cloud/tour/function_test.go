package tour

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// build returns Lambda's test function as a deployment package in base64. It builds it once.
var build = sync.OnceValues(func() (string, error) {
	directory, err := os.MkdirTemp("", "tour-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(directory)
	program := filepath.Join(directory, "bootstrap")
	compile := exec.Command("go", "build", "-ldflags=-s -w", "-tags=lambda.norpc", "-o", program, "../lambda/function")
	if output, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the function: %w\n%s", err, output)
	}
	binary, err := os.ReadFile(program)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("bootstrap")
	if err == nil {
		_, err = w.Write(binary)
	}
	err = errors.Join(err, z.Close())
	return base64.StdEncoding.EncodeToString(b.Bytes()), err
})

// deployment returns the package if the story uses it.
func deployment(t *testing.T, story []*step) string {
	t.Helper()
	for _, s := range story {
		if strings.Contains(s.input, "${zip}") {
			code, err := build()
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
	}
	return ""
}
