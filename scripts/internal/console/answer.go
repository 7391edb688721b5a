package console

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// maxBody is the most that a request may bring, in bytes: an event has 1 MiB at the most.
const maxBody = 2 << 20

// answer writes a JSON document.
func answer(w http.ResponseWriter, status int, document any) {
	send(w, status, "application/json", document)
}

// trouble is a problem document (RFC 9457), with what is wrong with the data where that is the problem.
type trouble struct {
	Title      string      `json:"title"`
	Status     int         `json:"status"`
	Detail     string      `json:"detail"`
	Violations []violation `json:"violations,omitempty"`
}

// violation is something wrong at a place.
type violation struct {
	Place    string `json:"place"` // JSON pointer
	Expected string `json:"expected"`
}

func problem(w http.ResponseWriter, status int, detail string, violations ...violation) {
	send(w, status, "application/problem+json", trouble{http.StatusText(status), status, detail, violations})
}

func send(w http.ResponseWriter, status int, kind string, document any) {
	encoded, err := json.Marshal(document)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(encoded)))
	w.WriteHeader(status)
	_, _ = w.Write(encoded) // whoever has gone wants no answer
}

// svg writes a drawing, to be saved under a name where it has one.
func svg(w http.ResponseWriter, drawn, saveAs string) {
	if saveAs != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+saveAs+`"`)
	}
	w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	_, _ = w.Write([]byte(drawn))
}
