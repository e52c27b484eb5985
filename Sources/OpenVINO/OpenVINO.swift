internal import COpenVINO

public func probe() -> String {
    var v = ov_version_t()
    ov_get_openvino_version(&v)
    return String(cString: v.buildNumber)
}
