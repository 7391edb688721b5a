package stories

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// The folders of stories, below the root of a checkout.
const (
	Folder     = "services/stories"
	DemoFolder = Folder + "/demo"
)

// Story is one story, parsed.
type Story struct {
	Name  string // "declined", "demo/declined"
	File  string // "services/stories/declined.txtar"
	Title string // the comment that it begins with, in one line
	Lines []Line
	Files map[string]string
}

// Line is one verb with its arguments: without quotes, and with variables as they are written.
type Line struct {
	Number int
	Text   string // as it is written
	Not    bool   // "!" stands before the verb
	Verb   string
	Args   []string
}

// Error is what is wrong with a story, or went wrong in it, and where.
type Error struct {
	File string
	Line int
	Text string // the line; "" for the file as a whole
	Err  error
}

func (e *Error) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
	}
	return fmt.Sprintf("%s:%d: %s: %v", e.File, e.Line, e.Text, e.Err)
}

// Unwrap returns what went wrong.
func (e *Error) Unwrap() error { return e.Err }

// Demo reports whether the story is one of those that make demo plays.
func (s *Story) Demo() bool { return path.Dir(s.File) == DemoFolder }

// Only reports whether the story needs something, as in "only local".
func (s *Story) Only(what string) bool {
	return slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Verb == "only" && slices.Contains(l.Args, what) })
}

func (s *Story) wrong(line Line, err error) error {
	return &Error{File: s.File, Line: line.Number, Text: line.Text, Err: err}
}

// Load reads all stories of a checkout, sorted by name; those of the demo come first. A checkout may have none.
func Load(root string) ([]*Story, error) {
	folder := filepath.Join(root, filepath.FromSlash(Folder))
	if _, err := os.Stat(folder); os.IsNotExist(err) {
		return nil, nil
	}
	var stories []*Story
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".txtar" {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		story, err := Parse(filepath.ToSlash(name), data)
		stories = append(stories, story)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read stories: %w", err)
	}
	slices.SortFunc(stories, func(a, b *Story) int {
		if a.Demo() != b.Demo() {
			return map[bool]int{true: -1, false: 1}[a.Demo()]
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return stories, nil
}

// Parse reads one story. The error is an *Error.
func Parse(file string, data []byte) (*Story, error) {
	archive := txtar.Parse(data)
	s := &Story{File: file, Name: strings.TrimSuffix(strings.TrimPrefix(file, Folder+"/"), ".txtar"), Files: map[string]string{}}
	for _, f := range archive.Files {
		s.Files[f.Name] = string(f.Data)
	}
	number := 0
	for text := range strings.Lines(string(archive.Comment)) {
		number++
		text = strings.TrimSpace(text)
		if comment, ok := strings.CutPrefix(text, "#"); ok && len(s.Lines) == 0 {
			s.Title = strings.TrimSpace(s.Title + " " + strings.TrimSpace(comment))
		}
		line := Line{Number: number, Text: text}
		words, err := split(text)
		if err != nil {
			return nil, s.wrong(line, err)
		}
		if len(words) > 0 && words[0] == "!" {
			line.Not, words = true, words[1:]
		}
		if len(words) == 0 {
			if line.Not {
				return nil, s.wrong(line, fmt.Errorf(`"!" stands before a verb`))
			}
			continue
		}
		line.Verb, line.Args = words[0], words[1:]
		if err := line.check(s); err != nil {
			return nil, s.wrong(line, err)
		}
		s.Lines = append(s.Lines, line)
	}
	if len(s.Lines) == 0 {
		return nil, &Error{File: file, Line: 1, Err: fmt.Errorf("the story has no verb; known are %s", strings.Join(verbNames(), ", "))}
	}
	return s, nil
}

// split separates a line into words. A word may be quoted, as a whole or in part; # at the beginning of a word ends the line.
func split(text string) (words []string, err error) {
	var word strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'' && quoted && i+1 < len(text) && text[i+1] == '\'':
			word.WriteByte('\'')
			i++
		case c == '\'':
			quoted, inWord = !quoted, true
		case quoted:
			word.WriteByte(c)
		case c == ' ' || c == '\t':
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		case c == '#' && !inWord:
			return words, nil
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if quoted {
		return nil, fmt.Errorf("a quotation mark has no end")
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}
