package issuing

import (
	"io"
	"strconv"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/paper"
)

// SlipPaper is a slip as it is printed, for the owner to sign or to keep.
type SlipPaper struct {
	Slip      fees.Slip
	Lines     []fees.SlipLine
	LineKinds []string // what the kinds of the lines are called
	Kind      string   // what the kind of the slip is called
	Community string
	Room      string
	Owner     string
	MadeAt    models.Time
}

// WritePDF writes the slip as PDF: what was done, the lines, the total in figures and in
// words, and the signature. A slip that is not signed has a place for one.
func (p SlipPaper) WritePDF(w io.Writer) error {
	s := &p.Slip
	d := paper.New("有偿服务单 "+s.No, p.Community+" 有偿服务单 "+s.No)
	d.Line("有偿服务单", 18, paper.Center)
	d.Space(6)
	d.Facts([][2]string{{"单号", s.No}, {"小区", p.Community}, {"房屋", p.Room}, {"业主", p.Owner}, {"服务类别", p.Kind}, {"服务日期", s.WorkedOn.String()},
		{"服务内容", s.Title}, {"收费项目", s.Item}})
	d.Rule()
	var rows []paper.Row
	for i, l := range p.Lines {
		kind := l.Kind
		if i < len(p.LineKinds) {
			kind = p.LineKinds[i]
		}
		rows = append(rows, paper.Row{
			Cells: []string{strconv.Itoa(i + 1), kind, l.Name, l.Quantity + " " + l.Unit, l.Price, l.AmountFen.String()},
		})
	}
	rows = append(rows, paper.Row{Cells: []string{"", "合计", "", "", "", s.TotalFen.String()}, Strong: true})
	d.Table([]paper.Column{
		{Title: "序号", Width: 7},
		{Title: "类别", Width: 13},
		{Title: "名称", Width: 40},
		{Title: "数量", Width: 14, Align: paper.Right},
		{Title: "单价（元）", Width: 13, Align: paper.Right},
		{Title: "金额（元）", Width: 13, Align: paper.Right},
	}, rows)
	d.Line("合计（大写）："+s.TotalFen.Capitals()+"　　签字后 "+strconv.Itoa(s.DueDays)+" 天内付款", 10, paper.Left)
	d.Space(16)
	switch {
	case s.How == fees.SignedByPhone:
		d.Line("业主于 "+minuteOf(s.SignedAt)+" 在小程序签字确认。内容摘要 "+s.Digest, 9, paper.Left)
	case s.How == fees.SignedOnPaper:
		d.Line("业主方 "+s.SignerName+" 在纸质单 "+s.PaperNo+" 签字，"+minuteOf(s.SignedAt)+" 登记。", 9, paper.Left)
	default:
		d.Line("业主（家属）签字：____________________　　日期：________________", 11, paper.Left)
	}
	d.Space(10)
	d.Line("开单："+s.Made.Name+"　"+minuteOf(s.CreatedAt)+"　　打印："+minuteOf(p.MadeAt), 8, paper.Left)
	_, err := d.WriteTo(w)
	return err
}

func minuteOf(t models.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(models.Shanghai).Format("2006-01-02 15:04")
}
