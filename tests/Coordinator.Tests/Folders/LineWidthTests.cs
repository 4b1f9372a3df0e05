namespace LPZero.Coordinator.Tests.Folders;

public class LineWidthTests
{
    private const int Columns = 140;

    [Theory]
    [InlineData("src")]
    [InlineData("bench")]
    [InlineData("tests")]
    public void No_line_is_wider_than_140_columns(string folder)
    {
        var wide = Sources.Under(folder)
            .SelectMany(file => File.ReadLines(file).Index().Where(line => line.Item.Length > Columns)
                .Select(line => $"{file}:{line.Index + 1}"))
            .ToList();

        Assert.True(wide.Count == 0, string.Join('\n', wide.Prepend($"more than {Columns} columns:")));
    }
}
