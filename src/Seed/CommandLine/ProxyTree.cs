using System.Text;
using LPZero.Messages.Proxies;

namespace LPZero.Seed.CommandLine;

/// <summary>Draws a proxy as a tree of operations.</summary>
internal static class ProxyTree
{
    public static string Draw(Proxy proxy)
    {
        var text = new StringBuilder();
        if (proxy.LayerReduction is { } reduction)
        {
            text.AppendLine($"{OperationNames.Name(reduction)} over layers of");
        }

        text.AppendLine(proxy.Operation switch
        {
            BinaryOperation.Sum => "sum (+)",
            BinaryOperation.Difference => "difference (-)",
            BinaryOperation.Product => "product (*)",
            BinaryOperation.Matmul => "matmul (@)",
            _ => proxy.Operation.ToString(),
        });
        Draw(text, proxy.Left, "├─ ", "│  ");
        Draw(text, proxy.Right, "└─ ", "   ");
        return text.ToString().TrimEnd();
    }

    private static void Draw(StringBuilder text, Branch branch, string first, string next)
    {
        var indent = first;
        var depth = 0;
        foreach (var operation in branch.Chain.Reverse())
        {
            text.AppendLine($"{indent}{OperationNames.Name(operation)}");
            indent = next + new string(' ', 3 * depth++) + "└─ ";
        }

        text.AppendLine($"{indent}{branch.Input} ({InputName(branch.Input)})");
    }

    private static string InputName(InputKind input) => input switch
    {
        InputKind.A => "activation",
        InputKind.J => "Jacobian",
        InputKind.G => "gradient",
        InputKind.H => "head",
        InputKind.W => "weight",
        _ => "softmax",
    };
}
