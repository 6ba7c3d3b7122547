package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"faultlab/reports/page"
	"faultlab/sim/world"
)

const explorableFile = "explorable.json"

// SideOf sums up a run in which the fault of that number was moved. The script
// expects what it does of the fault where it stands: elsewhere the same
// properties are judged, and nothing is expected of them.
func SideOf(result world.Result, fault int) page.Side {
	rec := &result.Record
	for _, e := range rec.Expects {
		rec.Promises = append(rec.Promises, e.Property)
	}
	rec.Expects = nil
	result.Judgement = world.Judge(*rec, result.Events)
	r := Run{Result: result}
	r.Explain()
	effect := ""
	if fault < len(rec.Faults) { // else it did not begin
		effect = rec.Faults[fault].Effect
	}
	return page.SideOf(r.shown(), effect)
}

// SaveExplorable puts the outcomes of moving a fault into the folder of a saved
// run, whose page then shows them.
func SaveExplorable(folder string, e page.Explorable) error {
	data, err := json.Marshal(e)
	if err == nil {
		err = writeFile(filepath.Join(folder, explorableFile), data)
	}
	if err != nil {
		return fmt.Errorf("save what a fault does at other times, in %s: %w", folder, err)
	}
	return nil
}

// loadExplorable reads it back; nil: the run was not saved explorable.
func loadExplorable(folder string) (*page.Explorable, error) {
	file := filepath.Join(folder, explorableFile)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var e page.Explorable
	if err == nil {
		err = json.Unmarshal(data, &e)
	}
	if err == nil {
		err = e.Check()
	}
	if err != nil {
		return nil, fmt.Errorf("load %s: %w; run the scenario with -explorable again, or remove the file", file, err)
	}
	return &e, nil
}
