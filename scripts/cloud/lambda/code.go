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

// maxUnzipped is the maximum size of a function's unzipped code, in bytes (Lambda quotas: 250 MB).
const maxUnzipped = 250 << 20

// code is an unzipped deployment package. Its directory is removed once no function and no pool uses it.
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
	// Remove the files only once the journal has recorded that nothing uses them.
	if c.uses--; c.uses == 0 && c.journal.Commit() == nil {
		_ = os.RemoveAll(c.directory) // what remains is removed with the service's directory
	}
}

// newCode unzips a deployment package into a new directory. The caller must release it.
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
	root, err := os.OpenRoot(directory) // so that nothing in the archive can escape the directory
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
		return invalid("the deployment package contains no file called bootstrap, which the runtime starts")
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
	// A process forked meanwhile would keep the file open for writing, so it could not be executed.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	to, err := root.OpenFile(filepath.FromSlash(file.Name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(to, io.LimitReader(from, left+1))
	if n > left {
		err = fmt.Errorf("the unzipped code has more than %d bytes", int64(maxUnzipped))
	}
	if closed := to.Close(); err == nil {
		err = closed
	}
	return n, err
}
