internal import COpenVINO
public import Foundation

/// Where OpenVINO's libraries are found.
///
/// They are opened when the first function of OpenVINO is called, so that a program starts without them and can
/// say what is missing. They are looked for beside the program, in the folders `lib` and `../lib` beside it, in
/// `.openvino/lib` of each folder that it lies in (there `swift package fetch-openvino` puts them), and where the
/// system looks for libraries.
public enum RuntimeLibrary {
    /// Takes the libraries of one folder and looks nowhere else.
    ///
    /// ```swift
    /// RuntimeLibrary.use(folder: URL(filePath: "/opt/myprogram/openvino"))
    /// let core = try Core.shared
    /// ```
    ///
    /// - Parameter folder: has `libopenvino_c.so.2641` and what it needs. Of no effect once OpenVINO was used.
    public static func use(folder: URL) {
        openvino_use_folder(folder.path)
    }

    /// Why OpenVINO cannot be used, in words for its user; nil where it can.
    public static var problem: String? {
        openvino_missing_reason().map {
            "\(String(cString: $0)). `swift package fetch-openvino` fetches the libraries into .openvino/"
        }
    }
}
