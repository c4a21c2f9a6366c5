import Admin
import Gateway
import Settings

extension ManagementSettings {
    init(_ configuration: Configuration) {
        self.init()
        self.version = Martlet.version
    }
}
