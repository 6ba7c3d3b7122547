package reports

import (
	"fmt"
	"path/filepath"
	"slices"

	"faultlab/reports/page"
	"faultlab/sim/check"
	"faultlab/sim/world"
)

const pageFile = "report.html"

// Pages writes the page of each run into its folder. It reads the runs back
// from there, and what other variants and worlds left beside them: so it must
// be called when all are saved, and a page is the same whether it was written
// after the run or by checking it years later.
func Pages(folders []string, runs []Run) error {
	logs := map[string][]check.LogLine{} // of runs that others are compared with
	for i, r := range runs {
		if err := writePage(folders[i], r, logs); err != nil {
			return fmt.Errorf("write the page of %s: %w", folders[i], err)
		}
	}
	return nil
}

func writePage(folder string, r Run, logs map[string][]check.LogLine) error {
	rec, events, err := Load(folder)
	if err != nil {
		return err
	}
	near, err := beside(folder, rec, logs)
	if err != nil {
		return err
	}
	r.Record, r.Events = rec, events
	shown := r.shown()
	if shown.Explorable, err = loadExplorable(folder); err != nil {
		return err
	}
	text, err := page.Render(shown, near)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(folder, pageFile), text)
}

// shown is the run as a page shows it.
func (r Run) shown() page.Run {
	return page.Run{
		Record: r.Record, Events: r.Events, Judgement: r.Judgement, Stories: r.Stories,
		Name: r.Record.Lab + "/" + ScenarioName(r.Record), State: string(r.State()), Finding: r.Finding(), Why: r.Why(),
		Replay: r.replayBeside(),
	}
}

// Picture draws the run's first story as SVG.
func Picture(r Run) ([]byte, error) { return page.Picture(r.shown()) }

// replayBeside is the command line that repeats the run, as its page shows it.
// A script that does not come with the program is named by its copy beside the
// page: where the first one was, the saved run does not tell.
func (r Run) replayBeside() string {
	if r.Script != r.Record.Scenario {
		r.Script = scriptFile
	}
	return r.Replay()
}

// beside finds the other runs of a scenario, in the folders next to this one.
// What is damaged is left out: it costs this page a comparison, and its own
// page all.
func beside(folder string, rec world.Record, logs map[string][]check.LogLine) ([]page.Beside, error) {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	scenario := filepath.Dir(filepath.Dir(absolute))
	records, err := filepath.Glob(filepath.Join(scenario, "*", "*", runFile))
	if err != nil {
		return nil, err
	}
	slices.Sort(records)
	var all []page.Beside
	for _, file := range records {
		other := filepath.Dir(file)
		found, err := loadRecord(file)
		if err != nil || other == absolute || found.Lab != rec.Lab || ScenarioName(found) != ScenarioName(rec) {
			continue
		}
		b := page.Beside{
			Variant: found.Variant, World: found.World,
			Link: "../../" + filepath.Base(filepath.Dir(other)) + "/" + filepath.Base(other) + "/" + pageFile,
		}
		if found.World == rec.World && found.Script == rec.Script && found.Seed == rec.Seed {
			b.Log, b.Comparable = logOf(other, logs)
		}
		all = append(all, b)
	}
	return all, nil
}

// logOf gives the final log of a saved run; ok is false if it is damaged.
func logOf(folder string, logs map[string][]check.LogLine) (lines []check.LogLine, ok bool) {
	if lines, ok := logs[folder]; ok {
		return lines, true
	}
	rec, events, err := Load(folder)
	if err != nil {
		return nil, false
	}
	logs[folder] = check.New(events, rec.Facts()).LogLines()
	return logs[folder], true
}
