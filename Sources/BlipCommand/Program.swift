import BlipCommandSupport
import Dispatch
import Foundation

@main
enum Program {
    /// Not asynchronous, since whatever is needs threads, and waits for ever where there are none.
    static func main() {
        fillStandardStreams()
        do throws(Failure) {
            try ThreadLimit.check()
        } catch {
            Terminal.complain(error.description)
            exit(error.status.rawValue)
        }
        Task {
            await Blip.main()
            exit(EXIT_SUCCESS)
        }
        dispatchMain()
    }

    /// Where a stream was closed, the next file that is opened would be taken for it. Nothing can be written to
    /// what stands there instead, so that results are not lost in silence.
    private static func fillStandardStreams() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free one.
            _ = open("/dev/null", O_RDONLY)
        }
    }
}
