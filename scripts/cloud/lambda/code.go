package lambda

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"example.com/localcloud/journal"
)

// maxUnzipped is how much a function's code may hold, in bytes (Lambda quotas: 250 MB).
const maxUnzipped = 250 << 20

// code is an unzipped deployment package. Its directory goes when no function and no
// pool uses it.
type code struct {
	directory string
	size      int
	digest    string // SHA-256 in base64
	journal   *journal.Journal

	mu   sync.Mutex
	uses int
}

func (c *code) retain() *code {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.uses++
	return c
}

func (c *code) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	// Only when the journal has it that the code is of no use any more.
	if c.uses--; c.uses == 0 && c.journal.Commit() == nil {
		_ = os.RemoveAll(c.directory) // what stays goes with the service's directory
	}
}

// newCode unzips a deployment package into a directory of its own. Its caller uses it,
// and releases it.
func (s *Service) newCode(raw []byte) (*code, error) {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, invalid("Could not unzip uploaded file. Please check your file, then try to upload again. (%v)", err)
	}
	parent, err := s.codeDirectory()
	if err != nil {
		return nil, err
	}
	directory, err := os.MkdirTemp(parent, "")
	if err != nil {
		return nil, fmt.Errorf("make a directory for code: %w", err)
	}
	if err := unzip(archive, directory); err != nil {
		_ = os.RemoveAll(directory)
		return nil, err
	}
	digest := sha256.Sum256(raw)
	return &code{uses: 1, directory: directory, size: len(raw), digest: base64.StdEncoding.EncodeToString(digest[:]), journal: s.journal}, nil
}

func (s *Service) codeDirectory() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return "", errClosing
	}
	if s.directory == "" {
		var err error
		if s.directory, err = os.MkdirTemp("", "local-lambda-"); err != nil {
			return "", fmt.Errorf("make a directory for code: %w", err)
		}
	}
	return s.directory, nil
}

func unzip(archive *zip.Reader, directory string) error {
	root, err := os.OpenRoot(directory) // nothing in the archive reaches out of it
	if err != nil {
		return err
	}
	defer root.Close()
	left, found := int64(maxUnzipped), false
	for _, file := range archive.File {
		if file.FileInfo().IsDir() {
			continue
		}
		n, err := unzipFile(root, file, left)
		if err != nil {
			return invalid("unzip %.200q: %v", file.Name, err)
		}
		left -= n
		found = found || file.Name == "bootstrap"
	}
	if !found {
		return invalid("the deployment package holds no file called bootstrap, which the runtime starts")
	}
	return nil
}

func unzipFile(root *os.Root, file *zip.File, left int64) (int64, error) {
	if !file.Mode().IsRegular() {
		return 0, fmt.Errorf("it is not a regular file")
	}
	if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(file.Name)), 0o755); err != nil {
		return 0, err
	}
	from, err := file.Open()
	if err != nil {
		return 0, err
	}
	defer from.Close()
	// A process that is forked meanwhile would hold the file open for writing, and keep it from being run.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	to, err := root.OpenFile(filepath.FromSlash(file.Name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(to, io.LimitReader(from, left+1))
	if n > left {
		err = fmt.Errorf("the code has more than %d bytes unzipped", int64(maxUnzipped))
	}
	if closed := to.Close(); err == nil {
		err = closed
	}
	return n, err
}
