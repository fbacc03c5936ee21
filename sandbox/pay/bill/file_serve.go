package bill

import (
	"compress/gzip"
	"io"
	"net/http"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/apiv3"
)

// serveBillFile answers GET /v3/billdownload/file. The request has to be signed, the
// file is not.
func (s *Service) serveBillFile(w http.ResponseWriter, r *http.Request) {
	s.core.Count(fault.RouteBillDownload)
	m, refused := s.host.Authorize(r, nil)
	if refused != nil {
		apiv3.WritePlain(w, refused)
		return
	}
	struck := s.core.Faults.Strike(fault.RouteBillDownload, m.Name, nil)
	if struck != nil && (s.core.SpoilBefore(w, r, struck, apiv3.Refuse) || s.core.SpoilAfter(w, r, struck, apiv3.Refuse)) {
		return
	}
	token, ok := s.desk.lookup(r.URL.Query().Get("token"))
	if !ok {
		apiv3.WritePlain(w, apiv3.InvalidRequest(268435461, "账单下载地址无效或已过期"))
		return
	}
	if token.m != m {
		apiv3.WritePlain(w, apiv3.NoAuth("无权下载其他商户的账单"))
		return
	}
	file := token.file
	if k := fault.KindOf(struck); k == fault.HalfBill || k == fault.Truncated {
		file = half(file)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if err := writeBill(w, file, r.URL.Query().Get("tartype") == "gzip"); err != nil {
		s.core.Log.Debug("sandbox: bill not sent whole", "error", err)
	}
	if fault.KindOf(struck) == fault.Truncated {
		core.CutShort(w)
	}
}

// writeBill sends a file plain or packed. The hash is of the plain bytes in both cases.
func writeBill(w io.Writer, file file, packed bool) error {
	if !packed {
		return file(w)
	}
	// There is no Content-Encoding header, so no client unpacks the file by itself.
	zip := gzip.NewWriter(w)
	if err := file(zip); err != nil {
		return err
	}
	return zip.Close()
}
