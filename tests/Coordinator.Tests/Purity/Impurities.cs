using System.Reflection;
using System.Reflection.Emit;

namespace LPZero.Coordinator.Tests.Purity;

/// <summary>What a type's compiled code uses of the world outside: actors, tasks and threads, clocks, files, the process.</summary>
internal static class Impurities
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] Namespaces = ["Akka", "System.IO", "System.Net", "System.Threading"];

    private static readonly string[] Types =
    [
        "System.Console", "System.Environment", "System.Random", "System.TimeProvider", "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch",
    ];

    private static readonly string[] Methods =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid",
    ];

    // What the compiler writes into every iterator.
    private const string OfIterators = "System.Environment.get_CurrentManagedThreadId";

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Each use as <c>member -> what it uses</c>; those of the types that the compiler makes inside it are its own.</summary>
    public static IEnumerable<string> Of(Type type)
    {
        foreach (var used in type.GetFields(All).Select(field => (Member: field.Name, field.FieldType))
            .Where(used => IsOutside(used.FieldType)))
        {
            yield return $"{type.FullName}.{used.Member} -> {used.FieldType.FullName}";
        }

        foreach (var method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        {
            var signature = method.GetParameters().Select(parameter => parameter.ParameterType)
                .Append(method is MethodInfo { ReturnType: var returned } ? returned : typeof(void))
                .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []);
            foreach (var used in signature.Where(IsOutside).Select(used => used.FullName)
                .Concat(Members(method).Where(IsOutside).Select(Name)))
            {
                yield return $"{type.FullName}.{method.Name} -> {used}";
            }
        }
    }

    private static string Name(MemberInfo member) => $"{(member as Type ?? member.DeclaringType)?.FullName}.{member.Name}";

    private static bool IsOutside(MemberInfo member) =>
        (member as Type ?? member.DeclaringType) is { } type && Name(member) != OfIterators
            && (IsOutside(type) || Methods.Contains(Name(member)));

    private static bool IsOutside(Type type)
    {
        if (type.HasElementType)
        {
            return IsOutside(type.GetElementType()!);
        }

        return Types.Contains(type.IsGenericType ? type.GetGenericTypeDefinition().FullName : type.FullName)
            || Namespaces.Any(name => type.Namespace == name || type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true)
            || (type.IsGenericType && type.GenericTypeArguments.Any(IsOutside));
    }

    // What the instructions of a method name.
    private static IEnumerable<MemberInfo> Members(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var (ofType, ofMethod) = (Arguments(method.DeclaringType!), method.IsGenericMethod ? method.GetGenericArguments() : []);
        for (var i = 0; i < code.Length;)
        {
            var value = (short)code[i++];
            if (value == 0xfe)
            {
                value = (short)(0xfe00 | code[i++]);
            }

            var operation = OpCodes[value];
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, i), ofType, ofMethod)!;
            }

            i += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }
    }

    private static Type[] Arguments(Type type) => type.IsGenericType ? type.GetGenericArguments() : [];
}
