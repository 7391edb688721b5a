package apigateway

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// response is a function's response. Without a status code, the whole payload is the body of a 200.
type response struct {
	StatusCode      int                       `json:"statusCode"`
	Headers         map[string]jsontext.Value `json:"headers"` // strings, numbers or booleans
	Cookies         []string                  `json:"cookies"`
	Body            string                    `json:"body"`
	IsBase64Encoded bool                      `json:"isBase64Encoded"`
}

var errResponse = errors.New("the function's response does not have payload format 2.0")

// respond writes a function's response.
func respond(w http.ResponseWriter, payload []byte) error {
	var members map[string]jsontext.Value
	if json.Unmarshal(payload, &members) != nil || members["statusCode"] == nil {
		return respondPlain(w, payload)
	}
	var a response
	if err := json.Unmarshal(payload, &a, jsontext.AllowDuplicateNames(true)); err != nil {
		return fmt.Errorf("%w: %w", errResponse, err)
	}
	body := []byte(a.Body)
	if a.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(a.Body); err != nil {
			return fmt.Errorf("%w: %w", errResponse, err)
		}
	}
	if a.StatusCode < 100 || a.StatusCode > 599 {
		return fmt.Errorf("%w: status %d", errResponse, a.StatusCode)
	}
	texts, err := a.texts()
	if err != nil {
		return err
	}
	header := w.Header()
	for name, text := range texts {
		header.Set(name, text)
	}
	for _, cookie := range a.Cookies {
		header.Add("Set-Cookie", cookie)
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	write(w, a.StatusCode, body)
	return nil
}

// texts returns the headers as texts.
func (a response) texts() (map[string]string, error) {
	texts := map[string]string{}
	for name, value := range a.Headers {
		switch value.Kind() {
		case '"':
			var text string
			if err := json.Unmarshal(value, &text); err != nil {
				return nil, fmt.Errorf("%w: header %s: %w", errResponse, name, err)
			}
			texts[name] = text
		case '0', 't', 'f':
			texts[name] = string(value)
		default:
			return nil, fmt.Errorf("%w: the header %s is neither a text, nor a number, nor a boolean", errResponse, name)
		}
	}
	return texts, nil
}

// respondPlain writes a payload that is only a body: the text of a JSON string, or the payload as it is.
func respondPlain(w http.ResponseWriter, payload []byte) error {
	if !jsontext.Value(payload).IsValid() {
		return errResponse
	}
	var text string
	if json.Unmarshal(payload, &text) == nil {
		payload = []byte(text)
	}
	w.Header().Set("Content-Type", "application/json")
	write(w, http.StatusOK, payload)
	return nil
}

func write(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that disconnects is not an error
}
