import ArgumentParser
@main struct Dunlin: ParsableCommand { static let configuration = CommandConfiguration(commandName: "dunlin") }
