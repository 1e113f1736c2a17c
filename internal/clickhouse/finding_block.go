package clickhouse

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ClickHouse/ch-go/proto"

	"gatewatch/internal/clickhouse/column"
	"gatewatch/internal/finding"
)

// findingBlock is one block of the table of findings.
type findingBlock struct {
	input proto.Input
	bytes int

	id, entity, title, description, raw     column.String
	detector, entityType, service           *column.Low
	revision                                proto.ColUInt32
	activity, severity                      proto.ColInt8
	score, confidence                       proto.ColFloat64
	firstSeen, lastSeen, count              proto.ColInt64
	hasBaseline                             proto.ColBool
	observed, expected, low, high, surprise proto.ColFloat64

	evidenceNames            *column.Low
	evidenceValues           proto.ColFloat64
	relatedTypes             *column.Low
	relatedValues, sample    column.String
	evidence, related        *column.List
	samples                  *column.List
	attack, owasp, oat       *column.List
	attackID, owaspID, oatID *column.Low
}

// The types of enumerations, which travel as integers.
var (
	activityType = enumType(finding.ActivityUnknown, finding.Close)
	severityType = enumType(finding.SeverityUnknown, finding.Critical)
)

// enumType is the type of an enumeration with the values from first to last.
func enumType[T interface {
	~uint8
	fmt.Stringer
}](first, last T) proto.ColumnType {
	var b strings.Builder
	for v := first; v <= last; v++ {
		if v > first {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "'%s' = %d", v, v)
	}
	return proto.ColumnTypeEnum8.With(b.String())
}

func newFindingBlock() *findingBlock {
	b := &findingBlock{
		detector: column.NewLow(), entityType: column.NewLow(), service: column.NewLow(), evidenceNames: column.NewLow(),
		relatedTypes: column.NewLow(), attackID: column.NewLow(), owaspID: column.NewLow(), oatID: column.NewLow(),
	}
	b.related = column.NewTuples([]string{"type", "value"}, b.relatedTypes, &b.relatedValues)
	b.evidence = column.NewMap(b.evidenceNames, &b.evidenceValues)
	b.samples = column.NewArray(&b.sample)
	b.attack, b.owasp, b.oat = column.NewArray(b.attackID), column.NewArray(b.owaspID), column.NewArray(b.oatID)
	b.input = proto.Input{
		{Name: "id", Data: &b.id},
		{Name: "revision", Data: &b.revision},
		{Name: "activity", Data: proto.Alias(&b.activity, activityType)},
		{Name: "detector", Data: b.detector},
		{Name: "severity", Data: proto.Alias(&b.severity, severityType)},
		{Name: "score", Data: &b.score},
		{Name: "confidence", Data: &b.confidence},
		{Name: "entity_type", Data: b.entityType},
		{Name: "entity", Data: &b.entity},
		{Name: "related", Data: b.related},
		{Name: "service", Data: b.service},
		{Name: "title", Data: &b.title},
		{Name: "description", Data: &b.description},
		{Name: "first_seen", Data: proto.Alias(&b.firstSeen, timeType)},
		{Name: "last_seen", Data: proto.Alias(&b.lastSeen, timeType)},
		{Name: "count", Data: &b.count},
		{Name: "evidence", Data: b.evidence},
		{Name: "has_baseline", Data: &b.hasBaseline},
		{Name: "baseline_observed", Data: &b.observed},
		{Name: "baseline_expected", Data: &b.expected},
		{Name: "baseline_low", Data: &b.low},
		{Name: "baseline_high", Data: &b.high},
		{Name: "baseline_surprise", Data: &b.surprise},
		{Name: "samples", Data: b.samples},
		{Name: "attack", Data: b.attack},
		{Name: "owasp", Data: b.owasp},
		{Name: "oat", Data: b.oat},
		{Name: "raw", Data: &b.raw},
	}
	return b
}

// append adds a finding.
func (b *findingBlock) append(f *finding.Finding) error {
	raw, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encoding finding %s: %w", f.ID, err)
	}
	if err := b.appendSamples(f); err != nil {
		return err
	}
	b.raw.AppendBytes(raw)
	b.id.Append(f.ID)
	b.revision = append(b.revision, uint32(f.Revision))
	b.activity = append(b.activity, int8(f.Activity))
	b.detector.Append(f.Detector)
	b.severity = append(b.severity, int8(f.Severity))
	b.score = append(b.score, f.Score)
	b.confidence = append(b.confidence, f.Confidence)
	b.entityType.Append(f.Entity.Kind.String())
	b.entity.Append(f.Entity.Value)
	b.service.Append(f.Service)
	b.title.Append(f.Title)
	b.description.Append(f.Description)
	b.firstSeen = append(b.firstSeen, f.FirstSeen)
	b.lastSeen = append(b.lastSeen, f.LastSeen)
	b.count = append(b.count, f.Count)
	b.appendLists(f)
	b.appendBaseline(f.Baseline)
	b.bytes += 2*len(raw) + fixedBytes
	return nil
}

func (b *findingBlock) appendSamples(f *finding.Finding) error {
	encoded := make([][]byte, 0, len(f.Samples))
	for i := range f.Samples {
		s, err := json.Marshal(&f.Samples[i])
		if err != nil {
			return fmt.Errorf("encoding sample of finding %s: %w", f.ID, err)
		}
		encoded = append(encoded, s)
	}
	for _, s := range encoded {
		b.sample.AppendBytes(s)
	}
	b.samples.End()
	return nil
}

func (b *findingBlock) appendLists(f *finding.Finding) {
	for _, r := range f.Related {
		b.relatedTypes.Append(r.Kind.String())
		b.relatedValues.Append(r.Value)
	}
	b.related.End()
	for _, n := range f.Evidence {
		b.evidenceNames.Append(n.Name)
		b.evidenceValues = append(b.evidenceValues, n.Value)
	}
	b.evidence.End()
	for _, l := range []struct {
		to   *column.List
		ids  *column.Low
		from []string
	}{{b.attack, b.attackID, f.Attack}, {b.owasp, b.owaspID, f.OWASP}, {b.oat, b.oatID, f.OAT}} {
		for _, id := range l.from {
			l.ids.Append(id)
		}
		l.to.End()
	}
}

func (b *findingBlock) appendBaseline(base *finding.Baseline) {
	b.hasBaseline = append(b.hasBaseline, base != nil)
	if base == nil {
		base = &finding.Baseline{}
	}
	b.observed = append(b.observed, base.Observed)
	b.expected = append(b.expected, base.Expected)
	b.low = append(b.low, base.Low)
	b.high = append(b.high, base.High)
	b.surprise = append(b.surprise, base.Surprise)
}
