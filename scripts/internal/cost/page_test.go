package cost

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestPage checks that the page is written where it isn't what the prices say, and only there.
func TestPage(t *testing.T) {
	root := t.TempDir()
	if err := CheckPage(root); err != nil {
		t.Errorf("without Terraform: %v", err)
	}
	file := filepath.Join(root, pageFile)
	if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, []byte("| a NAT gateway | $1.00 |\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	if err := CheckPage(root); !errors.Is(err, ErrStale) {
		t.Errorf("stale: %v", err)
	}
	for _, want := range []bool{true, false} {
		if written, err := WritePage(root); err != nil || written != want {
			t.Errorf("written: %t, %v, want %t", written, err, want)
		}
	}
	if err := CheckPage(root); err != nil {
		t.Error(err)
	}
}
