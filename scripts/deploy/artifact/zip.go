package artifact

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"example.com/troupe/scripts/internal/build"
)

// zip packs a binary for Lambda's provided.al2023, which runs the file bootstrap. The zip's comment is the binary's
// hash, so that an unchanged binary isn't packed again.
func (b Builder) zip(service string) (Artifact, error) {
	a := Artifact{Service: service, File: filepath.Join(b.Dir, service+".zip")}
	binary, err := os.ReadFile(b.binary(service))
	if err != nil {
		return a, err
	}
	hash := digest(binary)
	if comment(a.File) != hash {
		packed, err := build.Pack(binary, hash)
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

// comment returns a zip's comment, or "" if there is no zip.
func comment(file string) string {
	r, err := zip.OpenReader(file)
	if err != nil {
		return ""
	}
	defer r.Close() // only read
	return r.Comment
}

func digest(content []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(content)) }
