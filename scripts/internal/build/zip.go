package build

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Epoch is the time of every file that is packed, so that the same content makes the same bytes: the first that a zip can
// hold.
var Epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Pack makes the zip of a function of Lambda's operating-system-only runtimes (provided.al2023), which run the file named
// bootstrap.
func Pack(bootstrap []byte, comment string) ([]byte, error) {
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate, Modified: Epoch}
	header.SetMode(0o755)
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	entry, err := w.CreateHeader(header)
	if err == nil {
		_, err = entry.Write(bootstrap)
	}
	if err == nil {
		err = w.SetComment(comment)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("pack function: %w", err)
	}
	return packed.Bytes(), nil
}

// Zip packs a service for the local cloud. The function runs on this machine, so its bootstrap is a line that becomes the
// binary where it lies, rather than 25 MB that are sent, checked and unpacked to be the same again. What deploy packs for
// AWS is the binary itself.
func Zip(path string) ([]byte, error) {
	bootstrap, err := bootstrap(path)
	if err != nil {
		return nil, fmt.Errorf("pack function: %w", err)
	}
	return Pack(bootstrap, "")
}

// bootstrap is a script that becomes a binary: the process is the binary's from its first moment on.
func bootstrap(path string) ([]byte, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	binary, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	quoted := "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	return fmt.Appendf(nil, "#!/bin/sh\n# SHA-256 %x\nexec %s\n", sha256.Sum256(binary), quoted), nil
}
