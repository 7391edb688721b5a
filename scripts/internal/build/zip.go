package build

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"time"
)

// Zip packs a binary as a function of Lambda's operating-system-only runtimes (provided.al2023), which
// run the file named bootstrap. It is not compressed, for it goes to this machine; and it has
// no times, so that the same binary is the same zip.
func Zip(path string) ([]byte, error) {
	binary, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("pack function: %w", err)
	}
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Store, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	header.SetMode(0o755)
	var packed bytes.Buffer
	packed.Grow(len(binary) + 1024)
	w := zip.NewWriter(&packed)
	entry, err := w.CreateHeader(header)
	if err == nil {
		_, err = entry.Write(binary)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("pack function: %w", err)
	}
	return packed.Bytes(), nil
}
