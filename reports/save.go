package reports

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/history"
)

// The files of a run.
const (
	runFile     = "run.json"
	historyFile = "history.jsonl"
	verdictFile = "verdict.json"
	scriptFile  = "scenario"
	ordersFile  = "linearizable.html"
	storiesFile = "explanation.md"
)

// Save writes a run to its folder below out and replaces what an earlier run
// left there. The folder is filled under a temporary name first, so that it
// always holds one run, whole.
func Save(out string, r Run) error {
	dir := filepath.Join(out, filepath.FromSlash(Dir(r.Record)))
	if err := save(dir, r); err != nil {
		return fmt.Errorf("save %s: %w", dir, err)
	}
	return nil
}

func save(dir string, r Run) error {
	if err := mayReplace(dir); err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+"-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	if err := fill(tmp, r); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}

// mayReplace refuses to delete a folder that no run was saved in: an output
// folder chosen by mistake must not cost anybody their files.
func mayReplace(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Lstat(filepath.Join(dir, runFile)); err != nil {
		return fmt.Errorf("the folder is there, and is none of a saved run; choose another output folder: %w", err)
	}
	return nil
}

// fill writes the files of a run. It goes through an os.Root: the names of
// disk files are the lab's, and a lab may be made to choose one like
// "../../x".
func fill(dir string, r Run) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	write := func(name string, data []byte) error {
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return err
		}
		return root.WriteFile(name, data, 0o644)
	}

	record, err := encode(r.Record)
	if err != nil {
		return err
	}
	verdict, err := encode(verdictOf(r))
	if err != nil {
		return err
	}
	orders, err := r.orders()
	if err != nil {
		return err
	}
	if err := history.WriteFile(filepath.Join(dir, historyFile), r.Events); err != nil {
		return err
	}
	err = errors.Join(
		write(runFile, record),
		write(verdictFile, verdict),
		write(scriptFile, []byte(r.Record.Script)),
	)
	if orders != nil {
		err = errors.Join(err, write(ordersFile, orders))
	}
	if stories := r.explanationMD(); stories != nil {
		err = errors.Join(err, write(storiesFile, stories))
	}
	for node, text := range consoles(r.Events) {
		err = errors.Join(err, write("console/"+node+".txt", text))
	}
	for name, data := range r.Files {
		err = errors.Join(err, write("disk/"+name, data))
	}
	return err
}

// consoles gathers what each node printed.
func consoles(events []history.Event) map[string][]byte {
	lines := map[string][]byte{}
	for _, e := range events {
		if e.Kind == history.Print && e.Node != "" {
			lines[e.Node] = append(append(lines[e.Node], e.Value...), '\n')
		}
	}
	return lines
}

// verdict is the content of verdict.json: which run it was, the judgement, and
// how it came about.
type verdict struct {
	Lab      string `json:"lab"`
	Scenario string `json:"scenario"`
	Variant  string `json:"variant"`
	World    string `json:"world"`
	Seed     uint64 `json:"seed"`

	Outcome    check.Outcome   `json:"outcome"`
	AsExpected bool            `json:"as_expected"`
	Reasons    []string        `json:"reasons,omitempty"`
	Counts     check.Counts    `json:"counts"`
	Verdicts   []check.Verdict `json:"verdicts"`

	Explanations []explain.Story `json:"explanations,omitempty"`
}

func verdictOf(r Run) verdict {
	rec, j := r.Record, r.Judgement
	return verdict{
		Lab: rec.Lab, Scenario: ScenarioName(rec), Variant: rec.Variant, World: rec.World, Seed: rec.Seed,
		Outcome: j.Outcome, AsExpected: j.AsExpected, Reasons: j.Reasons, Counts: j.Counts, Verdicts: j.Verdicts,
		Explanations: r.Stories,
	}
}

// SaveVerdict replaces the judgement in the folder of a saved run, and the
// stories with it.
func SaveVerdict(dir string, r Run) error {
	data, err := encode(verdictOf(r))
	if err == nil {
		err = writeFile(filepath.Join(dir, verdictFile), data)
	}
	if stories := r.explanationMD(); err == nil && stories != nil {
		err = writeFile(filepath.Join(dir, storiesFile), stories)
	}
	if err != nil {
		return fmt.Errorf("save the verdict on %s: %w", dir, err)
	}
	return nil
}
