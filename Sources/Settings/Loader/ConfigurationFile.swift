internal import Foundation

/// Reads a file's text, within limits.
enum ConfigurationFile {
    static let sizeLimit = 16 << 20

    struct Unreadable: Error {
        var message: String
    }

    static func read(_ path: String) -> Result<String, Unreadable> {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            return .failure(Unreadable(message: "there is no such file"))
        }
        guard !isDirectory.boolValue else { return .failure(Unreadable(message: "this is a directory, not a file")) }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            return .failure(Unreadable(message: "the file can't be opened; is it readable for this user?"))
        }
        // Closing a file that was only read can lose nothing.
        defer { try? handle.close() }
        do {
            // One byte more than allowed, so that a device without an end is not read to it.
            let data = try handle.read(upToCount: Self.sizeLimit + 1) ?? Data()
            return self.text(of: data)
        } catch {
            return .failure(Unreadable(message: "the file can't be read: \(error.localizedDescription)"))
        }
    }

    private static func text(of data: Data) -> Result<String, Unreadable> {
        guard data.count <= self.sizeLimit else {
            return .failure(Unreadable(message: "the file is larger than \(self.sizeLimit >> 20) MB"))
        }
        if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) {
            return .failure(Unreadable(message: "the file is UTF-16; save it as UTF-8"))
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            return .failure(Unreadable(message: "the file is not UTF-8 text"))
        }
        return .success(text)
    }

    /// `path` as seen from the file that mentions it.
    static func resolve(_ path: String, relativeTo file: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        let directory = (file as NSString).deletingLastPathComponent
        return directory.isEmpty ? path : (directory as NSString).appendingPathComponent(path)
    }

    /// A name that is the same for all spellings of a path, to recognise a file by.
    static func identity(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
}
