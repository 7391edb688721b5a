package stories

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"example.com/troupe/events"
)

// maxAnswer limits how much of a response is read, in bytes.
const maxAnswer = 4 << 20

// answer is the response to a request.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *answer) String() string { return fmt.Sprintf("status %d: %s", a.status, clip(a.body)) }

func (p *performance) request(line Line) error {
	words, headers := assignments(line.Args)
	body := ""
	if len(words) == 3 {
		var err error
		if body, err = p.variables.Expand(p.story.Files[words[2]]); err != nil {
			return fmt.Errorf("%s: %w", words[2], err)
		}
	}
	header := http.Header{"X-Correlation-Id": {p.begin()}}
	if words[0] != http.MethodGet {
		header.Set("Content-Type", "application/json")
		header.Set("Idempotency-Key", events.NewID())
	}
	for _, h := range headers {
		header.Set(h[0], h[1])
	}
	err := p.wait(func() (bool, error) {
		response, err := p.call(words[0], words[1], body, header)
		if p.Unready != nil && p.Unready(response, err) {
			return false, errors.Join(errors.New("the API is not ready"), err)
		}
		return true, err
	})
	if err != nil {
		return err
	}
	p.keep()
	if p.next != "status" && p.last.status >= http.StatusBadRequest {
		return errors.New(p.last.String())
	}
	return nil
}

// call makes a request and keeps its response.
func (p *performance) call(method, path, body string, header http.Header) (*http.Response, error) {
	request, err := http.NewRequestWithContext(p.ctx, method, p.API+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header = header.Clone()
	if p.Token != "" && request.Header.Get("Authorization") == "" {
		request.Header.Set("Authorization", "Bearer "+p.Token)
	}
	response, err := (&http.Client{Transport: p.Transport}).Do(request)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	p.last = &answer{response.StatusCode, response.Header, content}
	return response, errors.Join(err, response.Body.Close())
}

// keep sets variables from the members of the last response, except objects and lists.
func (p *performance) keep() {
	value, err := decode(p.last.body)
	members, ok := value.(map[string]any)
	if err != nil || !ok {
		return
	}
	for name, member := range members {
		switch member.(type) {
		case map[string]any, []any:
		default:
			p.variables[name] = asText(member)
		}
	}
}

var errNoAnswer = errors.New("there was no request before")

func (p *performance) status(line Line) error {
	if p.last == nil {
		return errNoAnswer
	}
	if strconv.Itoa(p.last.status) != line.Args[0] {
		return errors.New(p.last.String())
	}
	return nil
}

func (p *performance) answered(line Line) error {
	if p.last == nil {
		return errNoAnswer
	}
	wanted, err := expectations(line.Args)
	if err != nil {
		return err
	}
	return expect(p.last.body, wanted)
}

func (p *performance) header(line Line) error {
	if p.last == nil {
		return errNoAnswer
	}
	values, known := p.last.header[http.CanonicalHeaderKey(line.Args[0])]
	switch {
	case !known:
		return fmt.Errorf("the answer has no such header; it has %s", strings.Join(slices.Sorted(maps.Keys(p.last.header)), ", "))
	case line.Args[1] != "*" && !slices.Contains(values, line.Args[1]):
		return fmt.Errorf("it is %q", cmp.Or(strings.Join(values, ", "), ""))
	}
	return nil
}

func (p *performance) until(line Line) error {
	wanted, err := expectations(line.Args[2:])
	if err != nil {
		return err
	}
	return p.wait(func() (bool, error) {
		response, err := p.call(line.Args[0], line.Args[1], "", http.Header{})
		switch {
		case err != nil:
			return false, err
		case response.StatusCode >= http.StatusBadRequest: // a new document may not exist yet
			return false, errors.New(p.last.String())
		}
		err = expect(p.last.body, wanted)
		return err == nil, err
	})
}
