package rename

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// textFile is a text file that may contain a name.
type textFile struct {
	name string // relative to the root, with slashes
	mode fs.FileMode
	text []byte
}

// textFiles reads every text file that git tracks or would track. Without git, it reads every file outside hidden and
// build folders.
func textFiles(root string) ([]textFile, error) {
	names, err := tracked(root)
	if err != nil {
		names, err = walked(root)
	}
	if err != nil {
		return nil, fmt.Errorf("list the files of %s: %w", root, err)
	}
	var files []textFile
	for _, name := range names {
		info, err := os.Lstat(filepath.Join(root, name))
		if err != nil || !info.Mode().IsRegular() {
			continue // deleted, or a link
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		if isText(text) {
			files = append(files, textFile{name: name, mode: info.Mode().Perm(), text: text})
		}
	}
	return files, nil
}

func tracked(root string) ([]string, error) {
	listed, err := exec.Command("git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return nil, err
	}
	names := strings.Split(strings.TrimSuffix(string(listed), "\x00"), "\x00")
	slices.Sort(names)
	return slices.Compact(names), nil
}

// unversioned are folders of build results, in addition to hidden ones.
var unversioned = []string{"bin", "node_modules"}

func walked(root string) (names []string, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || name == "." {
			return err
		}
		if !entry.IsDir() {
			names = append(names, filepath.ToSlash(name))
			return nil
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".github" && entry.Name() != ".ci"
		if hidden || slices.Contains(unversioned, entry.Name()) {
			return fs.SkipDir
		}
		return nil
	})
	return names, err
}

// isText reports whether a file is text, by git's rule: no NUL near its beginning.
func isText(content []byte) bool {
	return bytes.IndexByte(content[:min(len(content), 8000)], 0) < 0
}

// write writes a file's new text, and reports whether it differs.
func (f textFile) write(root string, text []byte) (changed bool, err error) {
	if bytes.Equal(text, f.text) {
		return false, nil
	}
	return true, os.WriteFile(filepath.Join(root, f.name), text, f.mode)
}
