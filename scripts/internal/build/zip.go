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

// Epoch is the modification time of every packed file, so that the same content results in the same bytes. It is the
// earliest time in a zip.
var Epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Pack returns the zip of a Lambda function for the operating-system-only runtimes (provided.al2023), which run the
// file bootstrap.
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

// Zip packs a service for the local cloud. The function runs on this machine, so its bootstrap is a one-line script
// that executes the binary in place; that saves sending, verifying and unpacking 25 MB. For AWS, deploy packs the
// binary itself.
func Zip(path string) ([]byte, error) {
	bootstrap, err := bootstrap(path)
	if err != nil {
		return nil, fmt.Errorf("pack function: %w", err)
	}
	return Pack(bootstrap, "")
}

// bootstrap returns a script that replaces itself with the binary, so that the process is the binary's from the
// start.
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
