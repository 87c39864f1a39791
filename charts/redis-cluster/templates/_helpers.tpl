{{- define "redis-cluster.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "redis-cluster.selector" -}}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: redis
{{- end -}}

{{- define "redis-cluster.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: parlance
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "redis-cluster.service" -}}
{{ include "redis-cluster.fullname" . }}-nodes
{{- end -}}

{{- define "redis-cluster.host" -}}
{{ include "redis-cluster.service" . }}.{{ .Release.Namespace }}.svc.{{ .Values.global.clusterDomain }}
{{- end -}}

{{- define "redis-cluster.jobsImage" -}}
{{- .Values.jobs.image.name | default (printf "%s/parlance-jobs:%s" .Values.global.imageRegistry (.Values.global.imageTag | default .Chart.AppVersion)) -}}
{{- end -}}

{{- define "redis-cluster.nodes" -}}
{{ mul (int .Values.masters) (add 1 (int .Values.replicasPerMaster)) }}
{{- end -}}

{{- define "redis-cluster.secret" -}}
{{ tpl .Values.auth.existingSecret . }}
{{- end -}}

{{- /* Where certificates are: the Secret that is named, or the one that cert-manager fills. */ -}}
{{- define "redis-cluster.tlsSecret" -}}
{{- if .Values.tls.existingSecret -}}{{ tpl .Values.tls.existingSecret . }}{{- else -}}{{ include "redis-cluster.fullname" . }}-tls{{- end -}}
{{- end -}}

{{- /* Rules of a user on one line. Takes a list of the root and the file, whose comments begin with #. */ -}}
{{- define "redis-cluster.rules" -}}
{{- $rules := list -}}
{{- range $line := (index . 0).Files.Lines (index . 1) -}}
{{- if and (trim $line) (not (hasPrefix "#" $line)) -}}{{- $rules = append $rules (trim $line) -}}{{- end -}}
{{- end -}}
{{- join " " $rules -}}
{{- end -}}

{{- /* Keys of the Secret that nodes need, as JSON. */ -}}
{{- define "redis-cluster.passwordKeys" -}}
{{- $keys := list .Values.auth.passwordKey -}}
{{- if .Values.acl.enabled -}}{{- $keys = append $keys .Values.acl.jobsPasswordKey -}}{{- end -}}
{{- toJson $keys -}}
{{- end -}}

{{- /* A quantity of Kubernetes as a number of bytes, since the API writes 1024Mi as 1Gi. */ -}}
{{- define "redis-cluster.bytes" -}}
{{- $unit := regexFind "[A-Za-z]+$" . -}}
{{- $factors := dict "" 1 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- if hasKey $factors $unit -}}{{ mulf (trimSuffix $unit .) (get $factors $unit) | printf "%.0f" }}{{- else -}}{{ . }}{{- end -}}
{{- end -}}

{{- /* Every fault of the values that their schema cannot say, as JSON. */ -}}
{{- define "redis-cluster.faults" -}}
{{- $faults := list -}}
{{- $there := lookup "apps/v1" "StatefulSet" .Release.Namespace (include "redis-cluster.fullname" .) -}}
{{- range $claim := dig "spec" "volumeClaimTemplates" list $there -}}
{{- $size := dig "spec" "resources" "requests" "storage" "" $claim -}}
{{- if ne (include "redis-cluster.bytes" $size) (include "redis-cluster.bytes" $.Values.storage.size) -}}
{{- $faults = append $faults (printf "storage.size: the claims are of %s, which no upgrade changes (docs/operations.md, Redis anew)" $size) -}}
{{- end -}}
{{- $class := dig "spec" "storageClassName" "" $claim -}}
{{- if ne $class $.Values.storage.className -}}
{{- $faults = append $faults (printf "storage.className: the claims are of %s, which no upgrade changes (docs/operations.md, Redis anew)" ($class | default "the default class")) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.auth.enabled (not .Values.auth.existingSecret) -}}
{{- $faults = append $faults "auth.existingSecret: name the Secret with the password, or set auth.enabled to false" -}}
{{- end -}}
{{- if and .Values.pdb.enabled (ge (int .Values.pdb.maxUnavailable) (int .Values.masters)) -}}
{{- $faults = append $faults "pdb.maxUnavailable: must be less than masters, or an eviction may take the cluster away" -}}
{{- end -}}
{{- if and .Values.acl.enabled (not .Values.auth.enabled) -}}
{{- $faults = append $faults "acl.enabled: conflicts with auth.enabled false" -}}
{{- end -}}
{{- if and .Values.acl.enabled (eq .Values.acl.servicesUser .Values.acl.jobsUser) -}}
{{- $faults = append $faults "acl.jobsUser: must be another name than acl.servicesUser" -}}
{{- end -}}
{{- if and .Values.acl.enabled (eq .Values.acl.jobsPasswordKey .Values.auth.passwordKey) -}}
{{- $faults = append $faults "acl.jobsPasswordKey: must be another key than auth.passwordKey, or services could sign in as jobs" -}}
{{- end -}}
{{- with .Values.tls -}}
{{- if and .existingSecret .certManagerIssuer -}}
{{- $faults = append $faults "tls.certManagerIssuer: conflicts with tls.existingSecret" -}}
{{- else if and .enabled (not .existingSecret) (not .certManagerIssuer) -}}
{{- $faults = append $faults "tls.existingSecret: tls.enabled is true, so name a Secret with certificates, or tls.certManagerIssuer" -}}
{{- else if and (not .enabled) (or .existingSecret .certManagerIssuer) -}}
{{- $faults = append $faults "tls.enabled: is false although certificates are named" -}}
{{- end -}}
{{- end -}}
{{- $own := list "port" "tls-port" "tls-cluster" "tls-replication" "tls-cert-file" "tls-key-file" "tls-ca-cert-file" "tls-auth-clients" "cluster-preferred-endpoint-type" "cluster-announce-hostname" "requirepass" "masterauth" "masteruser" "user" "aclfile" "include" -}}
{{- range $name, $value := .Values.config -}}
{{- if has (lower $name) $own -}}
{{- $faults = append $faults (printf "config.%s: the chart sets it" $name) -}}
{{- end -}}
{{- end -}}
{{- toJson $faults -}}
{{- end -}}

{{- /* As a part of the chart parlance it leaves this to that one, which names the faults of all parts together. */ -}}
{{- define "redis-cluster.validate" -}}
{{- $faults := include "redis-cluster.faults" . | fromJsonArray -}}
{{- if and $faults (not (contains "parlance/charts/" .Template.BasePath)) -}}
{{- fail (printf "\n\n%s: the values are wrong:\n  - %s\n" .Chart.Name (join "\n  - " $faults)) -}}
{{- end -}}
{{- end -}}

{{- define "redis-cluster.jobPod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile: { type: RuntimeDefault }
{{- if .Values.tls.enabled }}
# Its key is for nodes alone.
volumes: [{ name: redis-ca, secret: { secretName: {{ include "redis-cluster.tlsSecret" . }}, items: [{ key: ca.crt, path: ca.crt }] } }]
{{- end }}
{{- end -}}

{{- define "redis-cluster.jobContainer" -}}
image: {{ include "redis-cluster.jobsImage" . }}
imagePullPolicy: {{ .Values.global.imagePullPolicy }}
env:
  - { name: REDIS_NODES, value: "{{ include "redis-cluster.host" . }}:6379" }
  {{- if .Values.tls.enabled }}
  - { name: REDIS_TLS, value: "true" }
  - { name: NODE_EXTRA_CA_CERTS, value: /run/redis-ca/ca.crt }
  {{- end }}
  {{- if .Values.acl.enabled }}
  - { name: REDIS_USERNAME, value: {{ .Values.acl.jobsUser }} }
  {{- end }}
  {{- if .Values.auth.enabled }}
  - name: REDIS_PASSWORD
    valueFrom: { secretKeyRef: { name: {{ include "redis-cluster.secret" . }}, key: {{ ternary .Values.acl.jobsPasswordKey .Values.auth.passwordKey .Values.acl.enabled }} } }
  {{- end }}
{{- if .Values.tls.enabled }}
volumeMounts: [{ name: redis-ca, mountPath: /run/redis-ca, readOnly: true }]
{{- end }}
resources: {{ toYaml .Values.jobs.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}
