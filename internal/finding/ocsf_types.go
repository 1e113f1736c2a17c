package finding

// The objects of OCSF 1.8.0 that a Detection Finding uses, with the attributes that it sets.

type ocsfFinding struct {
	ActivityID      int              `json:"activity_id"`
	ActivityName    string           `json:"activity_name"`
	CategoryUID     int              `json:"category_uid"`
	CategoryName    string           `json:"category_name"`
	ClassUID        int              `json:"class_uid"`
	ClassName       string           `json:"class_name"`
	TypeUID         int              `json:"type_uid"`
	TypeName        string           `json:"type_name"`
	SeverityID      int              `json:"severity_id"`
	Severity        string           `json:"severity"`
	Time            int64            `json:"time"`
	StartTime       int64            `json:"start_time"`
	EndTime         int64            `json:"end_time"`
	Count           int64            `json:"count"`
	Metadata        ocsfMetadata     `json:"metadata"`
	Message         string           `json:"message"`
	StatusID        int              `json:"status_id"`
	Status          string           `json:"status"`
	IsAlert         bool             `json:"is_alert"`
	ConfidenceID    int              `json:"confidence_id"`
	ConfidenceScore int              `json:"confidence_score"`
	RiskScore       int              `json:"risk_score"`
	FindingInfo     ocsfInfo         `json:"finding_info"`
	Evidences       []ocsfEvidence   `json:"evidences,omitempty"`
	Observables     []ocsfObservable `json:"observables"`
	Anomalies       []ocsfAnomaly    `json:"anomaly_analyses,omitempty"`
}

type ocsfMetadata struct {
	Version string      `json:"version"`
	UID     string      `json:"uid"`
	Product ocsfProduct `json:"product"`
}

type ocsfProduct struct {
	Name       string `json:"name"`
	VendorName string `json:"vendor_name"`
	Version    string `json:"version,omitempty"`
}

type ocsfInfo struct {
	UID       string       `json:"uid"`
	Title     string       `json:"title"`
	Desc      string       `json:"desc,omitempty"`
	Analytic  ocsfAnalytic `json:"analytic"`
	Attacks   []ocsfAttack `json:"attacks,omitempty"`
	FirstSeen int64        `json:"first_seen_time"`
	LastSeen  int64        `json:"last_seen_time"`
	Created   int64        `json:"created_time"`
	Types     []string     `json:"types"`
	Tags      []ocsfTag    `json:"tags,omitempty"`
}

type ocsfAnalytic struct {
	TypeID int    `json:"type_id"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	UID    string `json:"uid"`
}

type ocsfAttack struct {
	Version      string     `json:"version"`
	Technique    *ocsfNamed `json:"technique,omitempty"`
	SubTechnique *ocsfNamed `json:"sub_technique,omitempty"`
}

type ocsfNamed struct {
	UID  string `json:"uid"`
	Name string `json:"name,omitempty"`
}

type ocsfTag struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

type ocsfObservable struct {
	Name   string `json:"name"`
	TypeID int    `json:"type_id"`
	Type   string `json:"type"`
	Value  string `json:"value"`
}

type ocsfAnomaly struct {
	Targets   []ocsfTarget  `json:"analysis_targets"`
	Anomalies []ocsfPattern `json:"anomalies"`
	Baselines []ocsfPattern `json:"baselines"`
}

type ocsfTarget struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

type ocsfPattern struct {
	Parameter    string            `json:"observation_parameter"`
	Type         string            `json:"observation_type"`
	Pattern      string            `json:"observed_pattern"`
	Observations []ocsfObservation `json:"observations"`
}

type ocsfObservation struct {
	Value string `json:"value"`
	Count int64  `json:"count,omitempty"`
}

type ocsfEvidence struct {
	Name        string        `json:"name,omitempty"`
	Data        any           `json:"data,omitempty"`
	SrcEndpoint *ocsfEndpoint `json:"src_endpoint,omitempty"`
	DstEndpoint *ocsfEndpoint `json:"dst_endpoint,omitempty"`
	Actor       *ocsfActor    `json:"actor,omitempty"`
	Request     *ocsfRequest  `json:"http_request,omitempty"`
	Response    *ocsfResponse `json:"http_response,omitempty"`
}

type ocsfEndpoint struct {
	IP       string `json:"ip,omitempty"`
	Hostname string `json:"hostname,omitempty"`
	SvcName  string `json:"svc_name,omitempty"`
}

type ocsfActor struct {
	User ocsfUser `json:"user"`
}

type ocsfUser struct {
	UID           string `json:"uid,omitempty"`
	CredentialUID string `json:"credential_uid,omitempty"`
}

type ocsfRequest struct {
	UID       string   `json:"uid,omitempty"`
	Method    string   `json:"http_method,omitempty"`
	URL       *ocsfURL `json:"url,omitempty"`
	UserAgent string   `json:"user_agent,omitempty"`
	Referrer  string   `json:"referrer,omitempty"`
	Version   string   `json:"version,omitempty"`
	Forwarded []string `json:"x_forwarded_for,omitempty"`
}

type ocsfURL struct {
	Scheme   string `json:"scheme,omitempty"`
	Hostname string `json:"hostname,omitempty"`
	Path     string `json:"path,omitempty"`
	Query    string `json:"query_string,omitempty"`
	URL      string `json:"url_string,omitempty"`
}

type ocsfResponse struct {
	Code       int32 `json:"code"`
	BodyLength int64 `json:"body_length,omitempty"`
	Latency    int64 `json:"latency,omitempty"`
}
