using System.Runtime.InteropServices;

namespace XVideo.Train.Replicas;

/// <summary>The few functions of NCCL that data-parallel training needs. libtorch with CUDA has already loaded the library.</summary>
internal static unsafe partial class Nccl
{
    private const string Library = "libnccl.so.2";

    public enum DataType { Float32 = 7 }

    public enum Reduction { Sum = 0, Max = 2, Mean = 4 }

    /// <summary>What the processes of a group share to find each other.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct GroupId
    {
        public const int Size = 128;

        public fixed byte Bytes[Size];
    }

    [LibraryImport(Library, EntryPoint = "ncclGetUniqueId")]
    public static partial int GetUniqueId(out GroupId id);

    [LibraryImport(Library, EntryPoint = "ncclCommInitRank")]
    public static partial int CommInitRank(out nint communicator, int size, GroupId id, int rank);

    [LibraryImport(Library, EntryPoint = "ncclAllReduce")]
    public static partial int AllReduce(nint send, nint receive, nuint count, DataType type, Reduction reduction, nint communicator, nint stream);

    [LibraryImport(Library, EntryPoint = "ncclCommDestroy")]
    public static partial int CommDestroy(nint communicator);

    /// <exception cref="InvalidOperationException">The call failed.</exception>
    public static void Check(int result, string call)
    {
        if (result != 0) throw new InvalidOperationException($"NCCL: {call} failed: {Marshal.PtrToStringUTF8(GetErrorString(result))} ({result}). NCCL_DEBUG=INFO says more.");
    }

    [LibraryImport(Library, EntryPoint = "ncclGetErrorString")]
    private static partial nint GetErrorString(int result);
}
