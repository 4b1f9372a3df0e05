using LPZero.GpuNode.Spaces;

namespace LPZero.Coordinator.Tests.Folders;

/// <summary>That the core knows no search space: what it needs of one, it asks of whichever there is.</summary>
public class KnownSpacesTests
{
    private static readonly string Spaces = Path.Combine(Repository.Root!, "src", "GpuNode", "Spaces");

    private static readonly string List = Path.Combine(Spaces, "SearchSpaces.cs");

    public static TheoryData<string> Folders() => [.. SearchSpaces.Known.All.Select(space => space.GetType().Namespace!.Split('.')[^1])];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_space_is_used_in_its_folder_and_in_the_list_of_spaces_alone(string space)
    {
        var uses = FilesOfCore().Where(file => File.ReadAllText(file).Contains($"Spaces.{space}", StringComparison.Ordinal)).ToList();

        Assert.Contains(List, uses);
        Assert.Contains(uses, file => IsIn(space, file));
        Assert.DoesNotContain(uses, file => file != List && !IsIn(space, file));
    }

    [Fact]
    public void Flexibert_is_named_in_its_folder_and_in_the_list_of_spaces_alone() => Assert.DoesNotContain(
        FilesOfCore().Where(file => file != List && !IsIn("FlexiBert", file)),
        file => File.ReadAllText(file).Contains("FlexiBERT", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> FilesOfCore() =>
        ((string[])["Messages", "Coordinator", "GpuNode"]).SelectMany(project => Sources.Under(Path.Combine("src", project)));

    private static bool IsIn(string space, string file) => Path.GetDirectoryName(file) == Path.Combine(Spaces, space);
}
