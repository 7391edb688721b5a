package stock

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed opening.json
var document []byte

// Opening returns the stock by SKU that the shop opened with, as it was built in.
func Opening() (map[string]int, error) {
	var opening map[string]int
	if err := json.Unmarshal(document, &opening); err != nil {
		return nil, fmt.Errorf("read opening.json: %w", err)
	}
	return opening, nil
}
