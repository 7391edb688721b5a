package artifact

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// epoch is the time of every file in an artifact: the first that a zip can hold.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// zip packs a binary for Lambda's provided.al2023, which runs the file named bootstrap. The
// zip's comment is the binary's hash, so that one that is up to date need not be packed again.
func (b Builder) zip(service string) (Artifact, error) {
	a := Artifact{Service: service, File: filepath.Join(b.Dir, service+".zip")}
	binary, err := os.ReadFile(b.binary(service))
	if err != nil {
		return a, err
	}
	hash := digest(binary)
	if comment(a.File) != hash {
		packed, err := pack(binary, hash)
		if err != nil {
			return a, err
		}
		if err := replace(a.File, packed); err != nil {
			return a, err
		}
	}
	packed, err := os.ReadFile(a.File)
	a.Size, a.Digest = int64(len(packed)), digest(packed)
	return a, err
}

func pack(binary []byte, comment string) ([]byte, error) {
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate, Modified: epoch}
	header.SetMode(0o755)
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	entry, err := w.CreateHeader(header)
	if err == nil {
		_, err = entry.Write(binary)
	}
	if err == nil {
		err = w.SetComment(comment)
	}
	if err == nil {
		err = w.Close()
	}
	return packed.Bytes(), err
}

// comment returns a zip's comment, "" where there is no zip.
func comment(file string) string {
	r, err := zip.OpenReader(file)
	if err != nil {
		return ""
	}
	defer r.Close() // it was only read
	return r.Comment
}

func digest(content []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(content)) }
