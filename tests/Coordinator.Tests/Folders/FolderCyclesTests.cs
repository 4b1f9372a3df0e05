namespace LPZero.Coordinator.Tests.Folders;

public class FolderCyclesTests
{
    public static TheoryData<string> Projects() =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root!, "src")).Where(HoldsProject).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_use_one_another_in_one_direction(string project)
    {
        var cycles = GraphOf(project).Cycles().ToList();

        Assert.True(cycles.Count == 0, string.Join('\n', cycles.Prepend("uses on a cycle:")));
    }

    [Fact]
    public void A_cycle_over_three_folders_is_found_with_its_files()
    {
        var graph = new FolderGraph([
            ("One.cs", "using Made.B;\n\nnamespace Made.A;\n"),
            ("Two.cs", "using System.Text;\nusing static Made.C.Names;\n\nnamespace Made.B;\n"),
            ("Three.cs", "using Short = Made.A;\n\nnamespace Made.C;\n"),
            ("Above.cs", "using Made.A;\nusing Other.B;\n\nnamespace Made.Above;\n"),
        ]);

        Assert.Equal(["Made.A -> Made.B (One.cs)", "Made.B -> Made.C (Two.cs)", "Made.C -> Made.A (Three.cs)"], graph.Cycles());
    }

    private static bool HoldsProject(string folder) => Directory.EnumerateFiles(folder, "*.csproj").Any();

    private static FolderGraph GraphOf(string project) =>
        new([.. Sources.Under(Path.Combine("src", project)).Select(file => (Path.GetFileName(file), File.ReadAllText(file)))]);
}
