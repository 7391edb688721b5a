package console

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// maxBody limits a request's body, in bytes. An event has at most 1 MiB.
const maxBody = 2 << 20

// answer writes a JSON document.
func answer(w http.ResponseWriter, status int, document any) {
	send(w, status, "application/json", document)
}

// trouble is a problem document (RFC 9457). It lists the violations if the data is invalid.
type trouble struct {
	Title      string      `json:"title"`
	Status     int         `json:"status"`
	Detail     string      `json:"detail"`
	Violations []violation `json:"violations,omitempty"`
}

// violation is one error in the data.
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
	_, _ = w.Write(encoded) // the client may have disconnected
}

// svg writes a drawing. If saveAs isn't empty, the browser saves it under that name.
func svg(w http.ResponseWriter, drawn, saveAs string) {
	if saveAs != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+saveAs+`"`)
	}
	w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	_, _ = w.Write([]byte(drawn))
}
